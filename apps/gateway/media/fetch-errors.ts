/** Errors of Node's network, TLS and zlib in words of the reader. */
import { Problem } from '../../kit/errors.ts';
import { shortened } from '../../kit/shorten.ts';

const explanations: Readonly<Record<string, string>> = {
  ENOTFOUND: 'there is no such host',
  EINVAL: 'there is no such host',
  EAI_AGAIN: 'the name of the host cannot be looked up now',
  ECONNREFUSED: 'the host refuses connections',
  ECONNRESET: 'the connection was cut before the end of the file',
  HPE_INVALID_CONSTANT: 'more bytes came than the Content-Length says',
  HPE_CLOSED_CONNECTION: 'more bytes came than the Content-Length says',
  Z_BUF_ERROR: 'the compressed file is cut before its end',
  ERR_TLS_CERT_ALTNAME_INVALID: 'its certificate is for another name',
  DEPTH_ZERO_SELF_SIGNED_CERT: 'its certificate is signed by nobody this machine trusts',
  SELF_SIGNED_CERT_IN_CHAIN: 'its certificate is signed by nobody this machine trusts',
  UNABLE_TO_VERIFY_LEAF_SIGNATURE: 'its certificate is signed by nobody this machine trusts',
  CERT_HAS_EXPIRED: 'its certificate has expired',
  EPRIVATE: '',
};

/** What came in the way of a fetch, as the caller is told it. */
export function explained(field: string, { host }: URL, error: NodeJS.ErrnoException): Problem {
  if (error.code === 'EPRIVATE') {
    const detail = `${field}: ${error.message} (ALLOW_PRIVATE_URLS=true would allow it)`;
    return new Problem('media_invalid', detail, { cause: error });
  }
  const why = isUndecodable(error)
    ? 'what it sends is not in the Content-Encoding that it says'
    : (explanations[error.code ?? ''] ?? shortened(error.message));
  return new Problem('media_invalid', `${field} cannot be fetched from ${shortened(host)}: ${why}`, {
    cause: error,
  });
}

/** What zlib, brotli and zstd say of bytes that are not theirs. */
function isUndecodable({ code = '' }: NodeJS.ErrnoException): boolean {
  return /^(Z_DATA_ERROR$|ERR__ERROR_|ERR_BROTLI_|ZSTD_)/.test(code);
}
