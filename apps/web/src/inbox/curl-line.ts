/** What `GET /api/v1/server` tells anybody. */
export interface ServerFacts {
  readonly name: string;
  readonly version: string;
  readonly sockets: boolean;
  readonly mail_domains: readonly string[];
  readonly smtp_port: number;
}

/** An address that this server takes mail for: of the first domain, with a name put in for a wildcard. */
export function firstAddress(domains: readonly string[]): string {
  const domain = domains.find((one) => !one.includes('*')) ?? domains[0] ?? 'localhost';
  return `hello@${domain.replace('*', 'team')}`;
}

/** A line for a shell that sends a first mail over SMTP. `host` is a name, or an IPv6 address in brackets. */
export function curlLine(host: string, facts: Pick<ServerFacts, 'mail_domains' | 'smtp_port'>): string {
  const to = firstAddress(facts.mail_domains);
  const mail = ['From: Ann <ann@example.org>', `To: ${to}`, 'Subject: First mail', '', 'It works.', ''];
  return (
    `printf '${mail.join('\\r\\n')}' | curl -sS smtp://${host}:${facts.smtp_port} ` +
    `--mail-from ann@example.org --mail-rcpt ${to} -T -`
  );
}
