/**
 * One call at a time; of the calls that come meanwhile only the newest is made, and the overtaken ones get its answer.
 * The caller tells by its own state whether the answer is still the one that it wants.
 */
export function newestWins<Request, Answer>(
  call: (request: Request) => Promise<Answer>,
): (request: Request) => Promise<Answer> {
  interface Waiting {
    request: Request;
    readonly answer: Promise<Answer>;
  }
  let underWay: Promise<unknown> | null = null;
  let waiting: Waiting | null = null;

  function begin(request: Request): Promise<Answer> {
    const answer = call(request);
    const settled = answer.then(
      () => undefined,
      () => undefined,
    );
    underWay = settled;
    void settled.then(() => {
      if (underWay === settled) underWay = null;
    });
    return answer;
  }

  return (request) => {
    if (underWay === null) return begin(request);
    if (waiting !== null) {
      waiting.request = request;
      return waiting.answer;
    }
    const queued: Waiting = {
      request,
      answer: underWay.then(() => {
        waiting = null;
        return begin(queued.request);
      }),
    };
    waiting = queued;
    return queued.answer;
  };
}
