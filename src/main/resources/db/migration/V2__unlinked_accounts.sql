-- So that counting who pays and is not linked to an organization reads nobody else (see polar_unlinked_accounts).

CREATE INDEX ON grants (account) WHERE starts_with(account, 'customer:');
CREATE INDEX ON subscriptions (account) WHERE starts_with(account, 'customer:');
