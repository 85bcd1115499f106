/** A mail server that takes our mail, and how we speak to it. */
export interface SmtpServer {
  readonly host: string;
  readonly port: number;
  /** `whole` from the first byte, `needed` by STARTTLS or not at all, `tried` by STARTTLS where it is offered. */
  readonly tls: 'whole' | 'needed' | 'tried' | 'none';
  /** Certificates that nobody vouches for are taken. */
  readonly trustAnyCertificate: boolean;
  readonly auth: { readonly user: string; readonly pass: string } | null;
  /** Name we greet with; null for the machine's own. */
  readonly name: string | null;
}

export interface DkimKey {
  /** Null for the domain of each mail's sender. */
  readonly domain: string | null;
  readonly selector: string;
  /** PEM. */
  readonly privateKey: string;
}

const SMTP_PORT = 587;
const SMTPS_PORT = 465;

/**
 * Reads `smtp://user:password@host:587` or `smtps://…`, with the queries `tls=needed|tried|none`, `name=…` and
 * `verify=no`. A password goes over a network only encrypted, unless `tls=tried` or `tls=none` asks for less.
 *
 * @param written  a URL that was checked to be one
 */
export function readSmtpUrl(written: string): SmtpServer {
  const url = new URL(written);
  const host = url.hostname.replace(/^\[|\]$/g, '');
  const isWhole = url.protocol === 'smtps:';
  const user = decodeURIComponent(url.username);
  const asked = url.searchParams.get('tls');
  const chosen = asked === 'needed' || asked === 'tried' || asked === 'none' ? asked : null;
  const usual = user !== '' && !isThisMachine(host) ? 'needed' : 'tried';
  return {
    host,
    port: url.port === '' ? (isWhole ? SMTPS_PORT : SMTP_PORT) : Number(url.port),
    tls: isWhole ? 'whole' : (chosen ?? usual),
    trustAnyCertificate: url.searchParams.get('verify') === 'no',
    auth: user === '' ? null : { user, pass: decodeURIComponent(url.password) },
    name: url.searchParams.get('name'),
  };
}

function isThisMachine(host: string): boolean {
  return host === 'localhost' || host === '::1' || host.startsWith('127.');
}
