// Sells as the documentation of Polar's plugin for better-auth shows it: whose session it is, better-auth reads in
// PostgreSQL; everything else is asked of Polar at each call.
//
//   node server.mjs <port> <address of Polar's API, without /v1> <access token> <PostgreSQL URL>
//
// Passwords are kept as they are: hashing them is no part of what is measured.

import { createServer } from 'node:http'
import { checkout, polar, portal } from '@polar-sh/better-auth'
import { Polar } from '@polar-sh/sdk'
import { betterAuth } from 'better-auth'
import { getMigrations } from 'better-auth/db/migration'
import { toNodeHandler } from 'better-auth/node'
import pg from 'pg'

const [port, polarUrl, accessToken, databaseUrl] = process.argv.slice(2)
const baseURL = `http://127.0.0.1:${port}`

const auth = betterAuth({
  baseURL,
  secret: 'a-secret-of-the-benchmark-that-nobody-guesses',
  database: new pg.Pool({ connectionString: databaseUrl, max: 20 }),
  emailAndPassword: {
    enabled: true,
    password: { hash: async password => password, verify: async ({ hash, password }) => hash === password },
  },
  rateLimit: { enabled: false },
  plugins: [
    polar({
      client: new Polar({ accessToken, serverURL: polarUrl }),
      createCustomerOnSignUp: true,
      use: [checkout({ successUrl: '/success?checkout_id={CHECKOUT_ID}', authenticatedUsersOnly: true }), portal()],
    }),
  ],
})
await (await getMigrations(auth.options)).runMigrations()
createServer(toNodeHandler(auth)).listen(Number(port), '127.0.0.1', () => console.log('ready'))
