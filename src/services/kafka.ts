/**
 * Apache Kafka (https://kafka.apache.org/documentation/) runs outside the deployment: no container is generated for it. Set its address, and its keys if
 * it requires any. It was not tested on an engine here.
 */
import type { ServiceDetection } from './contract.ts';

export const detection: ServiceDetection = {
  name: 'kafka',
  title: 'Apache Kafka',
  host: 'kafka',
  clients: [
    'kafkajs',
    'node-rdkafka',
    'kafka-node',
    '@confluentinc/kafka-javascript',
    '@platformatic/kafka',
    'github.com/segmentio/kafka-go',
    'github.com/IBM/sarama',
    'github.com/Shopify/sarama',
    'github.com/confluentinc/confluent-kafka-go',
    'github.com/twmb/franz-go',
  ],
  schemes: ['kafka'],
  variables: [
    { match: 'KAFKA_BROKERS', part: 'url' },
    { match: 'KAFKA_BROKER', part: 'url' },
    { match: 'KAFKA_BROKER_URL', part: 'url' },
    { match: 'KAFKA_URL', part: 'url' },
    { match: 'KAFKA_BOOTSTRAP_SERVERS', part: 'url' },
    { match: 'KAFKA_HOST', part: 'host' },
    { match: 'KAFKA_PORT', part: 'port' },
    { match: 'KAFKA_USERNAME', part: 'user' },
    { match: 'KAFKA_SASL_USERNAME', part: 'user' },
    { match: 'KAFKA_PASSWORD', part: 'password' },
    { match: 'KAFKA_SASL_PASSWORD', part: 'password' },
  ],
  words: ['kafka'],
  serves: [],
  required: true,
  outside: { example: 'broker.example.com:9092' },
};
