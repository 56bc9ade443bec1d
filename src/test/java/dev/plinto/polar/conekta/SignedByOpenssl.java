package dev.plinto.polar.conekta;

import java.nio.charset.StandardCharsets;

/// Keys and signatures that OpenSSL made, not this code. The private keys are not kept.
final class SignedByOpenssl {

    static final String EVENT_ID = "6307a60c41de27127515a575";
    static final byte[] BODY = ("{\"id\":\"6307a60c41de27127515a575\",\"object\":\"event\",\"type\":\"order.paid\","
            + "\"created_at\":1795500000,\"livemode\":true,\"data\":{\"object\":{\"id\":\"ord_2tMtQQpDvfnNjiuFG\","
            + "\"name\":\"Ñandú — ¥\"},\"previous_attributes\":{}}}").getBytes(StandardCharsets.UTF_8);

    static final String KEY = """
            -----BEGIN PUBLIC KEY-----
            MIIBIjANBgkqhkiG9w0BAQEFAAOCAQ8AMIIBCgKCAQEAvBnnEqgse6o+QMOj/pw/
            CJO60g7kJ5ZGKURTJT2LQ2LoTj9HA1LQvX9FzckNIpjdbCBwHf+qFkAmWvUezoQ+
            yojbvQ3E1iWinrSQ5DlwNqqk7nBq8skBR6j8eOrKK24VZOjIx5FUxGBUIWwkbEjk
            GJWyREmFlbmrcgOrJ4KeAtbDHyXvYEFgPMw2pIPBfAMvlXWDsYUvEMGFy7BoPdVz
            tVoMHNY4PvPc8+5nsG+5Y4LlPpI2ewDC2uwiMS4Gs4+IcVuGlxCU8nKmWBzJdxA4
            VZcJk/QRcBlJtekRex3XCVxN3BuD8kOtaFD+0wPJmijf/Laug1kMi4RE/gsSGLZN
            ZwIDAQAB
            -----END PUBLIC KEY-----
            """;

    /// `openssl dgst -sha256 -sign`
    static final String SIGNATURE = ""
            + "V5G1W5AEZ0cpkawgOUEDkin7i3aS1z8QEwFhJg2bV9hmrFDvuRErMpwa1ovmcZbcFqOdSOWCSM+R0e9o+/hh"
            + "/Ia4rmqNYfMlV9gBLkcTERzYM2A+mOdjYVLSDEDfZFiQIMwrBZ+v3sFzbeWqbI2QnHaMDBf+qHOQ7QXsf2mV"
            + "W0b72FdbrVogmghhXTAoq1yz48dg0KLMSNQoEcsHe+QU4t+3t30QE5L+IjOg+0UE4P4lH/50GGU3r/tCjnP/"
            + "UOzj+22jPvAtPhOXKDar8T3Lpyz3t8W9GCpfWRTbxQoZsleHb7cbau2X3vNFAWwJ6TS/rhah0hqBNnmkctaL"
            + "1KGjqg==";

    /// `openssl dgst -sha1 -sign`
    static final String WITH_SHA_1 = ""
            + "UblpqYaOUfuuKyCRALMgu6TLH+CyfHhg9wSBjaNmlBQcO3mPDueAYX4sy5XsYjpR5Z7IuvMe05j69RGp/P75"
            + "TWiYEw10k53BdVv+noPA32wBcia7WLk8XBolyVCJrGM5/bOfg8CdWTwFjyXzx8HPPH92uck5HFYWTYWL/5jt"
            + "q1mk13+dEd2uk2PFNWB9JV+k+KA6OPssnnvgoiuo+KBPy8QL35luIphL5Wf41qkrBg+dxVyR+Y4/AoPDkxaJ"
            + "KxAzGNR9iv9mSx7wlVBOekK83CfK3oD5zPifRFB1EzrtKYc/MhpjLI043Pus/cP6gX3Iqbi//klvq1RarwDf"
            + "8XB+BQ==";

    /// `openssl dgst -sha256 -sigopt rsa_padding_mode:pss -sign`
    static final String WITH_PSS = ""
            + "u8Y/YJP38qdX8o+zFqDSizTbET5jW1/IcXP/cGOairgajtpoBNqvPelseGlgwf6i9dxXf/ONxdB9dx+GGKk1"
            + "b/fN6bN8x7OqzfkEteqeRyE17iUJhISwf9xwbWzdcMEbyk7qwWoxLUkuncJiQo7vGx2bz7nyfsmxLwSJ5QmN"
            + "U5S7B6CfR5Gwiv+IJ9dPgo3pSUnO3tRngWb8JtASpUhFdGMH16B31gYjF/MQHSWUYR9k0/n7OmKWbam1bL0U"
            + "oSjcGw2UN2+HhpDpO6H/7TzT94GWPIht6l2mqpMEdNzd9DW41AKRR8VGqmXY70YVzdn1IEsD6WYZePfbudxQ"
            + "3ycysg==";

    /// RSA of 1024 bits.
    static final String SHORT_KEY = """
            -----BEGIN PUBLIC KEY-----
            MIGfMA0GCSqGSIb3DQEBAQUAA4GNADCBiQKBgQDoF+5dDaP8nh6gF1wXayAu/gXx
            1Oy1sRfckShMXrGpT+pl75WDyViSZd80nJBfx5X96a3b93azE4eP6G9vrTQ7nizS
            eXhxsWSeIVfD5gzRs+yUFBiMGAP40yzMxo6qbPLOk7Y+LK/qlEu9N7spn4ApocoF
            7Wekpy9MsZc2C1UY2wIDAQAB
            -----END PUBLIC KEY-----
            """;

    static final String ELLIPTIC_KEY = """
            -----BEGIN PUBLIC KEY-----
            MFkwEwYHKoZIzj0CAQYIKoZIzj0DAQcDQgAEhKN8xGYQpbyxpMtLUVd4Itgq2L1/
            kgJQK66CU48F+4yR+fpOjBrJ/Cx7oceP61Wz83zRrHpurM6GFL5DnNvcoA==
            -----END PUBLIC KEY-----
            """;

    private SignedByOpenssl() {}
}
