import type { Message } from 'kafkajs';

/** A small ticket; the number makes it one of its kind. */
export function ticketMessage(number: number): Message {
  const key = `T-${number}`;
  const text = `Ticket ${number}: the invoice of customer ${number}@example.com shows the wrong amount.`;
  return { key, value: JSON.stringify({ source: 'e2e', ticket_id: key, text, priority: number % 10 }) };
}

export const ticketMessages = (from: number, count: number): Message[] =>
  Array.from({ length: count }, (_, index) => ticketMessage(from + index));
