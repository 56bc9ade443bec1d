// An intake of metered events as one would write it from its libraries' documentation: Fastify with a schema, a check
// of the token, one INSERT for each event, and an answer once it is committed. A list is taken in one of two ways: each
// INSERT commits by itself, as many at once as there are connections; or one after the other in a transaction, so that
// all events are taken or none.
//
//   node usage.mjs <port> <address of the issuer's keys> <issuer> <audience> <PostgreSQL's address> <table>

import { createPublicKey } from 'node:crypto'
import { createVerifier } from 'fast-jwt'
import Fastify from 'fastify'
import pg from 'pg'
import { v5 } from 'uuid'

const [port, jwks, allowedIss, allowedAud, connectionString, table] = process.argv.slice(2)

const [jwk] = (await (await fetch(jwks)).json()).keys
const key = createPublicKey({ key: jwk, format: 'jwk' }).export({ type: 'spki', format: 'pem' })
const verify = createVerifier({ key, algorithms: ['RS256'], allowedIss, allowedAud, cache: true }) // as ours

const pool = new pg.Pool({ connectionString, max: 20 }) // as many as ours
const namespace = '7d1c3f62-0a51-4c0e-9c55-2f6a4b8de901'

async function insert(client, event) {
  const { organization_id, idempotency_key, event_name, quantity, properties, timestamp } = event
  const { rowCount } = await client.query({
    name: 'insert',
    text: `INSERT INTO ${table} (organization, id, key, event_name, quantity, properties, occurred_at, due_at)
           VALUES ($1, $2, $3, $4, $5, $6, $7, $7) ON CONFLICT DO NOTHING`,
    values: [organization_id, v5(`${organization_id.length}:${organization_id}${idempotency_key}`, namespace),
      idempotency_key, event_name, quantity, properties && JSON.stringify(properties), timestamp],
  })
  return rowCount
}

async function insertEach(events) {
  const rows = await Promise.all(events.map((event) => insert(pool, event)))
  return rows.reduce((sum, accepted) => sum + accepted, 0)
}

async function insertInTransaction(events) {
  const client = await pool.connect()
  try {
    await client.query('BEGIN')
    let accepted = 0
    for (const event of events) {
      accepted += await insert(client, event)
    }
    await client.query('COMMIT')
    return accepted
  } catch (failure) {
    await client.query('ROLLBACK')
    throw failure
  } finally {
    client.release()
  }
}

const event = {
  type: 'object',
  required: ['organization_id', 'event_name', 'idempotency_key', 'timestamp'],
  additionalProperties: false,
  properties: {
    organization_id: { type: 'string', minLength: 1, maxLength: 500 },
    event_name: { type: 'string', minLength: 1, maxLength: 128 },
    idempotency_key: { type: 'string', minLength: 1, maxLength: 256 },
    quantity: { type: 'number', default: 1 },
    timestamp: { type: 'string', format: 'date-time' },
    properties: { type: 'object', maxProperties: 49 },
  },
}
const list = {
  type: 'object',
  required: ['events'],
  additionalProperties: false,
  properties: { events: { type: 'array', minItems: 1, maxItems: 1000, items: event } },
}
const receipt = {
  type: 'object',
  properties: {
    accepted: { type: 'integer' },
    duplicates: { type: 'integer' },
    idempotency_keys: { type: 'array', items: { type: 'string' } },
  },
}

const app = Fastify()
app.addHook('onRequest', async (request, reply) => {
  try {
    if (!verify(request.headers.authorization.slice('Bearer '.length)).scope.split(' ').includes('billing:usage')) {
      return reply.code(403).send({ error: 'forbidden' })
    }
  } catch {
    return reply.code(401).send({ error: 'unauthorized' })
  }
})
const answer = (reply, events, accepted) => reply.code(202).send({
  accepted, duplicates: events.length - accepted, idempotency_keys: events.map((one) => one.idempotency_key) })
app.post('/usage', { schema: { body: event, response: { 202: receipt } } },
  async ({ body }, reply) => answer(reply, [body], await insert(pool, body)))
for (const [path, insertAll] of [['/usage/each', insertEach], ['/usage/transaction', insertInTransaction]]) {
  app.post(path, { schema: { body: list, response: { 202: receipt } } },
    async ({ body }, reply) => answer(reply, body.events, await insertAll(body.events)))
}
await app.listen({ port: Number(port), host: '127.0.0.1' })
console.log('ready')
