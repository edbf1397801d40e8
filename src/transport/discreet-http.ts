import { map } from 'rxjs';
import { headerSecrets } from './header-secrets.ts';
import type { Http } from './http.ts';
import { redactor } from './redactor.ts';
import { withoutSecrets } from './without-secrets.ts';

const isSuccess = (status: number): boolean => status >= 200 && status < 300;

/**
 * REST whose answers do not repeat the secrets of their own request: a venue or a proxy may answer with the
 * headers that it was sent. In a refusal and in a failure, whatever has the shape of a secret is hidden too.
 */
export const discreetHttp =
  (http: Http): Http =>
  (request) =>
    http(request).pipe(
      map((answer) => {
        // Made when the answer is there: before, it would keep the request from leaving.
        const { always, inRefusals } = headerSecrets(request.headers);
        const refusal = redactor(inRefusals);
        if (answer.kind === 'failed') return { ...answer, why: withoutSecrets(refusal(answer.why)) };
        const { status, text } = answer;
        return {
          ...answer,
          text: isSuccess(status) ? redactor(always)(text) : withoutSecrets(refusal(text)),
        };
      }),
    );
