create table peer.documents (
  doc_id text PRIMARY KEY, source text NOT NULL, ticket_id text NOT NULL, masked_text text NOT NULL,
  priority int, created_at timestamptz NOT NULL, extra jsonb,
  status text NOT NULL DEFAULT 'preprocessed', received_at timestamptz NOT NULL DEFAULT now());
