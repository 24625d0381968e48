import { describe, expect, it } from 'vitest';
import { maskedText, type KeptCase, type MaskedCase } from '../testing/masked-text.ts';

describe('IP addresses', () => {
  it.each<MaskedCase>([
    ['v4', 'client_ip=203.0.113.7.', 'client_ip=<IP_1>.'],
    ['v4 with a port', 'login from 203.0.113.7:443', 'login from <IP_1>:443'],
    ['v4 with a prefix', 'Route is 10.0.0.0/8.', 'Route is <IP_1>.'],
    ['v4 in a URL', 'http://203.0.113.7/admin', 'http://<IP_1>/admin'],
    ['v4 in full-width digits', '１９２.１６８.１.１', '<IP_1>'],
    ['v6', '2001:0db8:0000:0000:0000:ff00:0042:8329', '<IP_1>'],
    ['v6 in short', 'IPs 2001:db8::8a2e:370:7334, fe80::1', 'IPs <IP_1>, <IP_2>'],
    ['v6 in brackets', '[2001:db8::1]:8080', '[<IP_1>]:8080'],
    ['v6 with a zone and a prefix', 'fe80::1%eth0/64', '<IP_1>'],
    ['v6 with v4 inside', '::ffff:192.0.2.128 and 64:ff9b::192.0.2.1', '<IP_1> and <IP_2>'],
    ['the loopback', 'connecting from ::1', 'connecting from <IP_1>'],
  ])('masks %s', (_, text, masked) => {
    expect(maskedText(text)).toBe(masked);
  });

  it.each<KeptCase>([
    ['versions', 'version 1.2.3.4, v1.2.3.4, upgrade from 4.12.7.1 to 4.12.8.0'],
    ['a browser', 'Chrome/120.0.0.0 Safari/537.36'],
    ['octets too large', '256.1.1.1 and 999.999.999.999'],
    ['too few octets', 'my ip: 192.168.0'],
    ['too many', '1.2.3.4.5'],
    ['scopes', 'std::vector<int> a; MyClass::run(); dead::beef'],
    ['slices', 'x = a[1::2]; y = b[::-1]'],
    ['times and ratios', '12:34:56 and 1:2:3:4'],
    ['two compressions', '2001::25de::cade'],
  ])('leaves %s', (_, text) => {
    expect(maskedText(text)).toBe(text);
  });
});
