// What the dashboards show: title, queries by legend, unit, and from which values on it needs attention (`steps`).
// build.mjs generates Grafana's JSON from it. Titles are questions or plain names; lag is in seconds.
//
// Every replica reports the whole: use max, never sum (docs/metrics.md).

const stat = (title, query, more) => ({ kind: 'stat', title, queries: { '': query }, ...more });
const series = (title, queries, more) => ({ kind: 'series', title, queries, ...more });

const quantiles = (histogram, labels = '') => Object.fromEntries([['half of them', 0.5], ['95 %', 0.95], ['99 %', 0.99]]
  .map(([legend, q]) => [legend,
    `histogram_quantile(${q}, sum by (le) (rate(${histogram}_bucket${labels}[$__rate_interval])))`]));

const perSecond = (metric, label) => ({
  [`{{${label}}}`]: `sum by (${label}) (rate(${metric}[$__rate_interval]))` });

// The operations of Polar's API that somebody waits for, and what counts as Polar's failure.
const forUsers = 'operation!~"list_.*|enable_endpoint|read_(customer|member|subscription)"';
const failed = 'status=~"401|403|429|5xx|none"';

const oldest = (stage) => `max(polar_oldest_pending_seconds{stage="${stage}"})`;
const late = { yellow: 30, red: 60 };

const state = {
  file: 'state',
  uid: 'plinto-polar-state',
  title: 'Is the state right?',
  about: 'Whether Plinto knows what customers bought, and how late.',
  panels: [
    stat('Published within a minute, 6 h', '1 - polar:freshness_late:ratio_rate6h', {
      unit: 'percentunit', decimals: 3, steps: { low: 'red', yellow: 0.999, green: 0.9995 },
      about: 'Share of the changes published in 6 h that were within 60 s of the receipt. 99.9 % is promised.',
      runbook: 'PolarFreshnessBurnsFast' }),
    stat('Oldest change not published yet', oldest('published'), {
      unit: 's', steps: late, about: 'Since its event was received.', runbook: 'PolarOutboxStuck' }),
    stat('Parked events', 'sum(max by (reason) (polar_parked_events))', {
      unit: 'none', steps: { red: 1 }, about: 'Events that could not be applied and need an operator.',
      runbook: 'PolarEventsParked' }),
    stat('Plans without a product', 'max(polar_unmapped_plans)', {
      unit: 'none', steps: { yellow: 1 }, runbook: 'PolarUnmappedPlans' }),
    stat('Customers who pay without access', 'max(polar_unlinked_accounts)', {
      unit: 'none', steps: { yellow: 1 }, about: 'Customers at Polar that are not linked to an organization.',
      runbook: 'PolarUnlinkedAccounts' }),
    stat('Contradictions', 'sum(max by (kind) (polar_contradictions))', {
      unit: 'none', steps: { yellow: 1 }, about: 'What Polar said about who has access does not fit together.',
      runbook: 'PolarContradictions' }),
    stat('Erasures under way, oldest', 'max(polar_erasure_oldest_pending_seconds)', {
      unit: 's', steps: { yellow: 900, red: 3600 }, about: 'Of customer data, since it was accepted. 0: none.',
      runbook: 'PolarErasureStuck' }),
    stat('Repairs, 24 h', 'sum(increase(polar_reconcile_repairs_total[24h]))', {
      unit: 'none', decimals: 0, steps: { yellow: 0.5 },
      about: 'Changes that no webhook brought and reconciliation found.',
      runbook: 'PolarReconciliationRepairs' }),
    stat('Last compared with Polar', 'time() - max(polar_reconcile_last_success_timestamp_seconds)', {
      unit: 's', steps: { yellow: 2 * 3600, red: 3 * 3600 }, about: 'Time since the last complete comparison.',
      runbook: 'PolarReconciliationOverdue' }),
    series('How late are changes published?', quantiles('polar_freshness_seconds', '{stage="published"}'), {
      unit: 's', steps: { red: 60 }, about: 'From the receipt of an event to its message on the change topic.',
      runbook: 'PolarFreshnessBurnsFast' }),
    series('How much was late?', {
      'last hour': 'polar:freshness_late:ratio_rate1h', 'last 6 hours': 'polar:freshness_late:ratio_rate6h',
      'last 3 days': 'polar:freshness_late:ratio_rate3d' }, {
      unit: 'percentunit', steps: { yellow: 0.001, red: 0.0144 },
      about: 'Share later than 60 s. At 0.1 % for days there is a ticket, at 1.44 % for an hour a page.',
      runbook: 'PolarFreshnessBurnsSlowly' }),
    series('Do entitlements change?', perSecond('polar_changes_published_total', 'change'), {
      unit: 'ops', about: 'Messages on the change topics, per second.' }),
    series('What is the outcome of events?', perSecond('polar_events_projected_total', 'outcome'), {
      unit: 'ops', stacked: true, about: 'Events read from the raw topic, per second.' }),
    series('What is parked, and why?', { '{{reason}}': 'max by (reason) (polar_parked_events)' }, {
      unit: 'none', steps: { red: 1 }, runbook: 'PolarEventsParked' }),
    series('What was repaired?', { '{{kind}}': 'sum by (kind) (increase(polar_reconcile_repairs_total[1h]))' }, {
      unit: 'none', about: 'In the hour before. Above 0, webhooks are missing.',
      runbook: 'PolarReconciliationRepairs' }),
    series('What must be read at Conekta?', { 'due': 'max(polar_due_reads)' }, {
      unit: 'none', about: 'Its objects that are due, and not read yet. For a quarter of an hour: there is a ticket.',
      runbook: 'PolarDueReadsUndone' }),
  ],
};

const receiver = {
  file: 'receiver',
  uid: 'plinto-polar-receiver',
  title: 'Receiver',
  about: "Polar's deliveries, our answers, and the endpoint at Polar.",
  panels: [
    stat('Acknowledged in time, 6 h', '1 - polar:acknowledgement_failed:ratio_rate6h', {
      unit: 'percentunit', decimals: 3, steps: { low: 'red', yellow: 0.9995, green: 0.9998 },
      about: 'Share answered 2xx within 2 s, of the deliveries with a valid signature. 99.95 % is promised.',
      runbook: 'PolarAcknowledgementBurnsFast' }),
    stat('Our endpoint at Polar', 'min(polar_endpoint_enabled)', {
      unit: 'none', words: { 0: 'off', 1: 'on' }, steps: { low: 'red', green: 1 }, runbook: 'PolarEndpointOff' }),
    stat('Events failed in a row, of ten', 'max(polar_endpoint_failed_events)', {
      unit: 'none', max: 10, steps: { yellow: 3, orange: 6, red: 9 },
      about: 'The newest events that Polar has given up. At ten it switches the endpoint off.',
      runbook: 'PolarEndpointFailing' }),
    stat('Deliveries in the spool', 'max(polar_spool_pending)', {
      unit: 'none', steps: { red: 1 }, about: 'Acknowledged, and kept in PostgreSQL until Kafka is back.',
      runbook: 'PolarSpoolInUse' }),
    stat('API version expires in', 'min(polar_api_version_expiry_timestamp_seconds) - time()', {
      unit: 's', steps: { low: 'red', yellow: 30 * 86400, green: 60 * 86400 }, runbook: 'PolarApiVersionExpires' }),
    stat('Replicas that take deliveries', 'count(polar_webhook_ack_seconds_count) or vector(0)', {
      unit: 'none', steps: { low: 'red', green: 1 }, runbook: 'PolarNobodyReceives' }),
    series('Which deliveries arrive?', {
      '{{type}}': 'topk(10, sum by (type) (rate(polar_webhook_received_total[$__rate_interval])))' }, {
      unit: 'reqps', stacked: true, about: 'The ten most frequent types.' }),
    series('How is it answered?', perSecond('polar_webhook_received_total', 'outcome'), {
      unit: 'reqps', stacked: true,
      about: 'accepted: 202, Kafka has it. spooled: 202, PostgreSQL has it. rejected: 4xx. unavailable: 503.',
      runbook: 'PolarAcknowledgementBurnsFast' }),
    series('How long until the answer?', quantiles('polar_webhook_ack_seconds'), {
      unit: 's', steps: { red: 2 }, about: 'Polar allows 2 s.',
      runbook: 'PolarAcknowledgementBurnsFast' }),
    series('How much was not acknowledged in time?', {
      'last hour': 'polar:acknowledgement_failed:ratio_rate1h',
      'last 6 hours': 'polar:acknowledgement_failed:ratio_rate6h',
      'last 3 days': 'polar:acknowledgement_failed:ratio_rate3d' }, {
      unit: 'percentunit', steps: { yellow: 0.0005, red: 0.0072 }, runbook: 'PolarAcknowledgementBurnsSlowly' }),
    series('Are signatures right?', {
      '{{result}} {{scheme}}': 'sum by (result, scheme) (rate(polar_webhook_signature_total[$__rate_interval]))' }, {
      unit: 'reqps', about: 'By result, and by the key scheme that matched.', runbook: 'PolarSignaturesFail' }),
    series('How near is the endpoint to being switched off?', {
      'failed in a row': 'max(polar_endpoint_failed_events)' }, {
      unit: 'none', max: 10, steps: { yellow: 3, orange: 6, red: 9 }, runbook: 'PolarEndpointNearlyOff' }),
    series("How does Polar's API answer us?", {
      '{{status}}': 'sum by (status) (rate(polar_provider_requests_total{provider="polar"}[$__rate_interval]))' }, {
      unit: 'reqps', runbook: 'PolarReconciliationOverdue' }),
  ],
};

const lag = {
  file: 'lag',
  uid: 'plinto-polar-lag',
  title: 'Pipeline lag',
  about: 'How far behind each stage is, in seconds.',
  panels: [
    stat('Oldest event not applied', oldest('projected'), {
      unit: 's', steps: late, runbook: 'PolarProjectionStuck' }),
    stat('Oldest change not published', oldest('published'), {
      unit: 's', steps: late, runbook: 'PolarOutboxStuck' }),
    stat('When is the backlog worked off?', `max(max by (stage) (polar_oldest_pending_seconds)
  / clamp_min(-max by (stage) (deriv(polar_oldest_pending_seconds[5m])), 0.001))`, {
      unit: 's', steps: { yellow: 60, red: 600 },
      about: 'At the pace of the last five minutes. Infinite while it grows.' }),
    stat('Partitions without a reader', `(count(count by (partition) (polar_partition_lag_seconds)) or vector(1))
  - (sum(kafka_consumer_coordinator_assigned_partitions and on (instance) polar_partition_lag_seconds) or vector(0))`, {
      unit: 'none', steps: { red: 1 }, about: 'At least one if no replica projects at all.',
      runbook: 'PolarNoConsumer' }),
    stat('Who publishes', 'sum(polar_relay_leader) or vector(0)', {
      unit: 'none', words: { 0: 'no replica', 1: 'one replica' }, steps: { low: 'red', green: 1, orange: 2 },
      runbook: 'PolarNoRelayLeader' }),
    stat('Events in 24 h', 'sum(increase(polar_events_projected_total[24h]))', { unit: 'short', decimals: 0 }),
    series('Lag by stage', { '{{stage}}': 'max by (stage) (polar_oldest_pending_seconds)' }, {
      unit: 's', steps: { red: 60 }, about: 'Age since receipt of the oldest pending event.',
      runbook: 'PolarProjectionStuck' }),
    series('Lag by partition', { '{{partition}}': 'max by (partition) (polar_partition_lag_seconds)' }, {
      unit: 's', steps: { red: 60 }, about: 'One alone: its replica hangs. All: the database.',
      runbook: 'PolarProjectionStuck' }),
    series('How long does it take?', {
      'projected, 99 %': quantiles('polar_freshness_seconds', '{stage="projected"}')['99 %'],
      'published, 99 %': quantiles('polar_freshness_seconds', '{stage="published"}')['99 %'] }, {
      unit: 's', steps: { red: 60 }, about: 'From receipt.', runbook: 'PolarFreshnessBurnsFast' }),
    series('Throughput', {
      received: 'sum(rate(polar_webhook_received_total{outcome=~"accepted|spooled"}[$__rate_interval]))',
      projected: 'sum(rate(polar_events_projected_total[$__rate_interval]))',
      published: 'sum(rate(polar_changes_published_total[$__rate_interval]))' }, { unit: 'ops' }),
    series('Rebalances', {
      '{{instance}}': `sum by (instance) (
  increase(kafka_consumer_coordinator_rebalance_total{job=~"$job"}[$__rate_interval]))` }, {
      unit: 'none', about: 'Replicas that start and stop, or are too slow to stay in the group.',
      runbook: 'PolarNoConsumer' }),
    series('Who reads how many partitions?', {
      '{{instance}}': 'sum by (instance) (kafka_consumer_coordinator_assigned_partitions{job=~"$job"})' }, {
      unit: 'none', stacked: true, runbook: 'PolarNoConsumer' }),
  ],
};

const database = {
  file: 'database',
  uid: 'plinto-polar-database',
  title: 'PostgreSQL and outbox',
  about: 'The queues in the database, and how busy the database and the replicas are.',
  panels: [
    stat('Messages in the outbox', 'max(polar_outbox_pending)', {
      unit: 'short', steps: { yellow: 1000, red: 100000 }, about: 'Counted up to 100,000.',
      runbook: 'PolarOutboxStuck' }),
    stat('Oldest message in the outbox', oldest('published'), { unit: 's', steps: late, runbook: 'PolarOutboxStuck' }),
    stat('Deliveries in the spool', 'max(polar_spool_pending)', {
      unit: 'short', steps: { red: 1 }, runbook: 'PolarSpoolInUse' }),
    stat('Replicas that publish', 'sum(polar_relay_leader) or vector(0)', {
      unit: 'none', steps: { low: 'red', green: 1, orange: 2 }, runbook: 'PolarNoRelayLeader' }),
    series('How much waits in the outbox?', { messages: 'max(polar_outbox_pending)' }, {
      unit: 'short', runbook: 'PolarOutboxStuck' }),
    series('How fast is it published?', perSecond('polar_changes_published_total', 'change'), {
      unit: 'ops', stacked: true }),
    series('Who publishes?', { '{{instance}}': 'max by (instance) (polar_relay_leader)' }, {
      unit: 'none', max: 1, runbook: 'PolarNoRelayLeader' }),
    series('How much waits in the spool?', { deliveries: 'max(polar_spool_pending)' }, {
      unit: 'short', runbook: 'PolarSpoolInUse' }),
    series('How long does a statement take?', {
      '{{instance}}': `sum by (instance) (rate(postgresql_processing_seconds_sum{job=~"$job"}[$__rate_interval]))
  / sum by (instance) (rate(postgresql_processing_seconds_count{job=~"$job"}[$__rate_interval]))` }, {
      unit: 's', about: 'On average, as the replica sees it.', runbook: 'PolarProjectionStuck' }),
    series('Does work wait for a connection?', {
      '{{instance}} in use': 'sum by (instance) (sql_pool_active{job=~"$job"})',
      '{{instance}} waiting': 'sum by (instance) (sql_pool_queue_size{job=~"$job"})' }, {
      unit: 'none', about: 'A replica has 20 connections.' }),
    series('How busy are the replicas?', { '{{instance}}': 'max by (instance) (process_cpu_usage{job=~"$job"})' }, {
      unit: 'percentunit', about: "Of the machine's cores." }),
    series('How full is the heap?', {
      '{{instance}}': `sum by (instance) (jvm_memory_used_bytes{job=~"$job", area="heap"})
  / sum by (instance) (jvm_memory_max_bytes{job=~"$job", area="heap"} > 0)` }, { unit: 'percentunit', max: 1 }),
  ],
};

const business = {
  file: 'business',
  uid: 'plinto-polar-business',
  title: 'Business',
  about: 'Subscriptions and payments, as reported by Polar.',
  from: 'now-30d',
  panels: [
    stat('Active subscriptions', 'sum(max by (product) (polar_active_subscriptions))', {
      unit: 'short', about: 'Trialing, active or past due.' }),
    stat('Payments that succeed, 7 d', `sum(increase(polar_payments_total{outcome="paid"}[7d]))
  / sum(increase(polar_payments_total[7d]))`, {
      unit: 'percentunit', decimals: 1, steps: { low: 'red', yellow: 0.9, green: 0.95 },
      about: 'Of paid orders and renewals whose payment failed. Polar does not report a failed first payment.' }),
    stat('Churn, 30 d', `sum(max by (product) (polar_ended_subscriptions))
  / (sum(max by (product) (polar_active_subscriptions)) + sum(max by (product) (polar_ended_subscriptions)))`, {
      unit: 'percentunit', decimals: 1, steps: { yellow: 0.05, red: 0.1 },
      about: 'Subscriptions that ended within the last 30 days, of those and the active ones.' }),
    stat('Ended, 30 d', 'sum(max by (product) (polar_ended_subscriptions))', { unit: 'short' }),
    stat('Customers who pay without access', 'max(polar_unlinked_accounts)', {
      unit: 'none', steps: { yellow: 1 }, runbook: 'PolarUnlinkedAccounts' }),
    series('Who subscribes to what?', { '{{product}}': 'max by (product) (polar_active_subscriptions)' }, {
      unit: 'short', stacked: true, about: 'Active subscriptions of the 20 largest products, and all others.' }),
    series('What ended within 30 days?', { '{{product}}': 'max by (product) (polar_ended_subscriptions)' }, {
      unit: 'short', stacked: true }),
    series('Payments a day', { '{{outcome}}': 'sum by (outcome) (increase(polar_payments_total[1d]))' }, {
      unit: 'short', about: 'paid: an order over more than 0. failed: a renewal whose payment failed.' }),
    series('Churn by product', { '{{product}}': `max by (product) (polar_ended_subscriptions)
  / (max by (product) (polar_active_subscriptions) + max by (product) (polar_ended_subscriptions))` }, {
      unit: 'percentunit', about: 'As above, by product.' }),
  ],
};

const checkouts = (outcome, range) => `sum(increase(polar_checkouts_total{outcome="${outcome}"}[${range}]))`;

const selling = {
  file: 'selling',
  uid: 'plinto-polar-selling',
  title: 'Selling',
  about: 'From a checkout to what it unlocks, and what goes wrong on the way.',
  panels: [
    stat('Checkouts made, 24 h', checkouts('created', '24h'), { unit: 'short', decimals: 0 }),
    stat('Paid, of those made, 24 h', `${checkouts('succeeded', '24h')} / ${checkouts('created', '24h')}`, {
      unit: 'percentunit', decimals: 1, about: 'Whoever only looks does not pay.', runbook: 'PolarNothingSold' }),
    stat('Payments that succeed, 6 h', `${checkouts('succeeded', '6h')}
  / sum(increase(polar_checkouts_total{outcome=~"succeeded|failed"}[6h]))`, {
      unit: 'percentunit', decimals: 1, steps: { low: 'red', yellow: 0.95, green: 0.97 },
      about: 'Of the checkouts that somebody tried to pay.', runbook: 'PolarPaymentsFail' }),
    stat("Users' requests that Polar fails, 30 min", `sum(rate(polar_provider_requests_total{${forUsers}, ${failed}}[30m]))
  / sum(rate(polar_provider_requests_total{${forUsers}}[30m]))`, {
      unit: 'percentunit', decimals: 1, steps: { yellow: 0.05, red: 0.25 }, runbook: 'PolarProviderFailsUsers' }),
    stat('From paid to granted, 95 %, 6 h', `histogram_quantile(0.95,
  sum by (le) (rate(polar_activation_seconds_bucket[6h])))`, {
      unit: 's', steps: { yellow: 10, red: 30 }, about: "By Polar's own times.", runbook: 'PolarActivationSlow' }),
    stat('Subscriptions paid twice', 'max(polar_double_subscriptions)', {
      unit: 'none', steps: { yellow: 1 }, about: 'Live ones of an organization beside another of the same group.',
      runbook: 'PolarDoubleSubscriptions' }),
    stat('Customers to be registered, oldest', 'max(polar_customer_requests_oldest_seconds)', {
      unit: 's', steps: { yellow: 120, red: 600 }, about: 'For whom nobody waits. 0: none.',
      runbook: 'PolarCustomersWait' }),
    stat('Handed to nobody, 7 d', 'sum(increase(polar_unclaimed_checkouts_total[7d]))', {
      unit: 'none', decimals: 0, about: 'Checkouts whose answer was lost, and that no later attempt found. They expire.' }),
    series('What becomes of checkouts?', {
      '{{outcome}}': 'sum by (outcome) (increase(polar_checkouts_total[1h]))' }, {
      unit: 'short', about: 'In the hour before. A checkout ends up to an hour after it was made.',
      runbook: 'PolarPaymentsFail' }),
    series('Who is to sell, and why?', {
      '{{provider}}, {{reason}}': 'sum by (provider, reason) (increase(polar_routing_total[1h]))' }, {
      unit: 'short', about: 'Requests for a checkout in the hour before; none: they were refused.' }),
    series('From checkout to access', {
      made: 'sum(increase(polar_checkouts_total{outcome="created"}[1d]))',
      paid: 'sum(increase(polar_checkouts_total{outcome="succeeded"}[1d]))',
      granted: 'sum(increase(polar_activation_seconds_count[1d]))' }, {
      unit: 'short', about: 'In the day before. Granted: what grants benefits by itself; seats do not.',
      runbook: 'PolarNothingSold' }),
    series('How long from paid to granted?', quantiles('polar_activation_seconds'), {
      unit: 's', steps: { red: 30 }, runbook: 'PolarActivationSlow' }),
    series('How long does Polar take?', {
      '{{operation}}': `histogram_quantile(0.95,
  sum by (le, operation) (rate(polar_provider_seconds_bucket{${forUsers}}[$__rate_interval])))` }, {
      unit: 's', about: '95 % of the requests that users wait for, by operation.' }),
    series('Which requests to Polar fail?', {
      '{{operation}} {{status}}': `topk(10, sum by (operation, status) (
  rate(polar_provider_requests_total{${failed}}[$__rate_interval])))` }, {
      unit: 'reqps', about: 'The ten most frequent. none: no answer came.', runbook: 'PolarProviderFailsUsers' }),
    series('Which problems are answered?', {
      '{{type}}': 'topk(10, sum by (type) (rate(polar_problems_total[$__rate_interval])))' }, {
      unit: 'reqps', stacked: true, about: 'By type (docs/problems.md); the ten most frequent.' }),
    series('Who is going to leave?', {
      'end with their period': 'sum(max by (product) (polar_ending_subscriptions))',
      'ended within 30 days': 'sum(max by (product) (polar_ended_subscriptions))' }, {
      unit: 'short', about: 'Subscriptions that are canceled and go on until their period ends, and those that ended.' }),
    series('What is going to end?', { '{{product}}': 'max by (product) (polar_ending_subscriptions)' }, {
      unit: 'short', stacked: true, about: 'By product.' }),
  ],
};

const usage = {
  file: 'usage',
  uid: 'plinto-polar-usage',
  title: 'Usage',
  about: 'Metered events, from the applications to Polar.',
  panels: [
    stat('Oldest not sent', 'max(polar_usage_oldest_pending_seconds)', {
      unit: 's', steps: { yellow: 60, red: 600 }, about: 'For how long it could have been sent.',
      runbook: 'PolarUsageUnsent' }),
    stat('To be sent', 'max(polar_usage_pending)', {
      unit: 'short', about: 'Events that Polar has not taken yet.', runbook: 'PolarUsageUnsent' }),
    stat('Parked', 'max(polar_usage_parked)', {
      unit: 'none', steps: { yellow: 1 }, about: 'Events that Polar refuses.', runbook: 'PolarUsageParked' }),
    stat('Not billable', 'max(polar_usage_not_billable)', {
      unit: 'short', steps: { yellow: 1 }, about: 'Events of organizations without a customer at Polar.',
      runbook: 'PolarUsageNotBillable' }),
    stat('Taken, 24 h', 'sum(increase(polar_usage_events_total{outcome="accepted"}[24h]))', {
      unit: 'short', decimals: 0 }),
    stat('Billed, 24 h', 'sum(increase(polar_usage_events_total{outcome="sent"}[24h]))', {
      unit: 'short', decimals: 0, about: 'Taken by Polar.' }),
    series('What becomes of events?', perSecond('polar_usage_events_total', 'outcome'), {
      unit: 'cps', about: 'Taken, sent to us twice, refused by us; taken by Polar, refused by it or dropped.' }),
    series('Does the backlog drain?', {
      'to be sent': 'max(polar_usage_pending)', 'not billable': 'max(polar_usage_not_billable)',
      parked: 'max(polar_usage_parked)' }, { unit: 'short', runbook: 'PolarUsageUnsent' }),
    series('How late is usage?', { 'oldest not sent': 'max(polar_usage_oldest_pending_seconds)' }, {
      unit: 's', steps: { red: 600 }, runbook: 'PolarUsageUnsent' }),
    series('How does Polar answer?', {
      '{{status}}': 'sum by (status) (rate(polar_provider_requests_total{operation="ingest_events"}[$__rate_interval]))' }, {
      unit: 'reqps', about: 'Batches of up to 1,000 events. none: no answer came.', runbook: 'PolarUsageUnsent' }),
    series('How long does Polar take for a batch?',
      quantiles('polar_provider_seconds', '{operation="ingest_events"}'), { unit: 's' }),
  ],
};

export const dashboards = [state, receiver, lag, database, business, selling, usage];
