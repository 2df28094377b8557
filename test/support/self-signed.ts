import { createPrivateKey, X509Certificate } from 'node:crypto';

const KEY_DER =
  'MIGHAgEAMBMGByqGSM49AgEGCCqGSM49AwEHBG0wawIBAQQg2D4FkO4BeoX5w/wBEHUdLvUpESx+C8Glay4aP929AxShRANCAATC3940fBu+R3kofNfnYMsEsD20kYSozKjaOShcrWxHGIdQYpT7lks8puowUXjvOzBn47WdYcA6Xo1QfYYKpsQM';
const CERTIFICATE_DER =
  'MIIBkTCCATagAwIBAgIUP+izFLnwG4yioMunyLq/sUbNimEwCgYIKoZIzj0EAwIwFDESMBAGA1UEAwwJMTI3LjAuMC4xMCAXDTI2MTEyMjE1NTYwMloYDzIxMjYxMDI5MTU1NjAyWjAUMRIwEAYDVQQDDAkxMjcuMC4wLjEwWTATBgcqhkjOPQIBBggqhkjOPQMBBwNCAATC3940fBu+R3kofNfnYMsEsD20kYSozKjaOShcrWxHGIdQYpT7lks8puowUXjvOzBn47WdYcA6Xo1QfYYKpsQMo2QwYjAdBgNVHQ4EFgQUm5xTGXwAz96rxi44LYalB8p0gZgwHwYDVR0jBBgwFoAUm5xTGXwAz96rxi44LYalB8p0gZgwDwYDVR0TAQH/BAUwAwEB/zAPBgNVHREECDAGhwR/AAABMAoGCCqGSM49BAMCA0kAMEYCIQDfo52gQUBcUkJeHFKVfZqQjjV0MemV3H/OhPslANPDnQIhAN5wKYi7Kv319v7aCepGAZT+w02LH7VL4ToaY509wA0F';

/** A certificate for 127.0.0.1 that nobody vouches for, and its key: for loopback servers only. */
export function selfSigned(): { readonly key: string; readonly cert: string } {
  const key = createPrivateKey({
    key: Buffer.from(KEY_DER, 'base64'),
    format: 'der',
    type: 'pkcs8',
  });
  return {
    key: key.export({ format: 'pem', type: 'pkcs8' }).toString(),
    cert: new X509Certificate(Buffer.from(CERTIFICATE_DER, 'base64')).toString(),
  };
}
