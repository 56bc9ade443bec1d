// A webhook receiver as one would write it from its libraries' documentation: Fastify, a check of the signature, one
// record to Kafka with acks=all, and an answer once the broker has it.
//
//   node receiver.mjs <standardwebhooks|polar-sdk> <port> <bootstrap servers> <topic> <secret>

import { validateEvent, WebhookVerificationError } from '@polar-sh/sdk/webhooks.js'
import Fastify from 'fastify'
import { Kafka, logLevel } from 'kafkajs'
import { Webhook } from 'standardwebhooks'

const [check, port, brokers, topic, secret] = process.argv.slice(2)

const checks = {
  standardwebhooks: () => {
    const webhook = new Webhook(Buffer.from(secret).toString('base64'))
    return (body, headers) => webhook.verify(body, headers)
  },
  'polar-sdk': () => (body, headers) => validateEvent(body, headers, secret),
}
const verify = checks[check]()

const kafka = new Kafka({ clientId: check, brokers: brokers.split(','), logLevel: logLevel.ERROR })
const producer = kafka.producer({ allowAutoTopicCreation: false })
await producer.connect()

const app = Fastify()
app.addContentTypeParser('application/json', { parseAs: 'buffer' }, (request, body, done) => done(null, body))
app.post('/webhooks', async (request, reply) => {
  try {
    verify(request.body, request.headers)
  } catch (failure) {
    return reply.code(failure instanceof WebhookVerificationError ? 401 : 400).send({ error: 'refused' })
  }
  const id = request.headers['webhook-id']
  await producer.send({ topic, acks: -1, messages: [{ key: id, value: request.body, headers: { ce_id: id } }] })
  return reply.code(202).send({ webhook_id: id, status: 'accepted' })
})
await app.listen({ port: Number(port), host: '127.0.0.1' })
console.log('ready')
