/** Where blobs live, as BLOB_CONNECTION_STRING tells it. */
export type BlobPlace =
  | { readonly kind: 'azure'; readonly connectionString: string }
  /** An account by its address: with a shared access signature, or as whoever this process is signed in as. */
  | { readonly kind: 'azure-account'; readonly url: string; readonly signature: string; readonly inside: Inside | null }
  | {
      readonly kind: 's3';
      readonly inside: Inside;
      readonly region: string | undefined;
      /** Of a server that is not Amazon's: MinIO, R2, … */
      readonly endpoint: string | undefined;
    }
  | { readonly kind: 'folder'; readonly path: string };

/** One bucket or container for all of ours, which are then beginnings of names in it. */
export interface Inside {
  readonly bucket: string;
  /** '' or ends with a slash. */
  readonly prefix: string;
}

export const PLACE_FORMS =
  'an Azure connection string, https://ACCOUNT.blob.core.windows.net[/CONTAINER/PREFIX][?SIGNATURE], s3://BUCKET[/PREFIX][?region=…&endpoint=…], or file:///FOLDER';

/** Null when it is none of the forms. */
export function parseBlobPlace(text: string): BlobPlace | null {
  if (/^[A-Za-z]+=/.test(text)) return isConnectionString(text) ? { kind: 'azure', connectionString: text } : null;
  if (!URL.canParse(text)) return null;
  const url = new URL(text);
  if (url.protocol === 'https:' || url.protocol === 'http:') return azureAccount(url);
  if (url.protocol === 's3:') return s3Bucket(url);
  return url.protocol === 'file:' && url.host === '' && url.pathname.length > 1
    ? { kind: 'folder', path: decodeURIComponent(url.pathname) }
    : null;
}

const isConnectionString = (text: string): boolean =>
  /(^|;)(BlobEndpoint|AccountName)=/.test(text) && /(^|;)(AccountKey|SharedAccessSignature)=/.test(text);

/** A Data Lake account (Gen2) answers as a blob account too, under that name. */
function azureAccount(url: URL): BlobPlace {
  const host = url.host.replace('.dfs.', '.blob.');
  // Azurite has no name for each account: there the path begins with it.
  const [, account = '', path = ''] = /^(\/[^/]+)(.*)$/.exec(IS_ADDRESS.test(url.hostname) ? url.pathname : '') ?? [];
  return {
    kind: 'azure-account',
    url: `${url.protocol}//${host}${account}`,
    signature: url.search,
    inside: insideOf(account === '' ? url.pathname : path),
  };
}

const IS_ADDRESS = /^(localhost|[\d.]+|\[.*\])$/;

function s3Bucket(url: URL): BlobPlace | null {
  const inside = insideOf(`/${url.host}${url.pathname}`);
  const endpoint = url.searchParams.get('endpoint') ?? undefined;
  const unknown = [...url.searchParams.keys()].some((key) => key !== 'region' && key !== 'endpoint');
  if (inside === null || unknown || (endpoint !== undefined && !/^https?:\/\//.test(endpoint))) return null;
  return { kind: 's3', inside, region: url.searchParams.get('region') ?? undefined, endpoint };
}

function insideOf(pathname: string): Inside | null {
  const [bucket, ...folders] = decodeURIComponent(pathname).split('/').filter(Boolean);
  return bucket === undefined ? null : { bucket, prefix: folders.map((folder) => `${folder}/`).join('') };
}
