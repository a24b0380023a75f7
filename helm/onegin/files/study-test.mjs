// A study of two trials, from request to model; what `helm test` runs. Ends with status 0 when all of it worked.
const { ONEGIN_URL, ONEGIN_KEY, USE_GPU } = process.env;
const deadline = Date.now() + Number(process.env.TIMEOUT_SECONDS ?? '1800') * 1000;
const pause = (ms) => new Promise((resolve) => setTimeout(resolve, ms));

async function ask(path, init = {}) {
  const headers = { 'content-type': 'application/json', ...(ONEGIN_KEY && { authorization: `Bearer ${ONEGIN_KEY}` }) };
  const response = await fetch(`${ONEGIN_URL}${path}`, { ...init, headers });
  if (!response.ok) throw new Error(`${path}: ${response.status} ${(await response.text()).slice(0, 500)}`);
  return response;
}

async function askUntilAnswered(path, init) {
  for (;;) {
    try {
      return await ask(path, init);
    } catch (error) {
      if (Date.now() > deadline) throw error;
      console.log(`not yet: ${error.message}`);
      await pause(2000);
    }
  }
}

await askUntilAnswered('/ready');
const request = { dataset: 'mnist-10k', mode: 'simple', trials: 2, epochs: 1, seed: 1, useGpu: USE_GPU === 'true' };
const { jobId } = await (await askUntilAnswered('/api/optimize', { method: 'POST', body: JSON.stringify(request) })).json();
console.log(`job ${jobId}`);

let said = '';
for (;;) {
  const job = await (await askUntilAnswered(`/api/jobs/${jobId}`)).json();
  const now = `${job.status}: ${job.progress.statusMessage}`;
  if (now !== said) console.log((said = now));
  if (job.status === 'completed') break;
  if (job.status === 'failed' || job.status === 'cancelled') throw new Error(JSON.stringify(job.failure));
  if (Date.now() > deadline) throw new Error('the study did not end in time; is there a trainer?');
  await pause(1000);
}
const model = await (await ask(`/api/download/${jobId}`)).arrayBuffer();
// A .keras file is a zip archive.
if (Buffer.from(model).subarray(0, 2).toString() !== 'PK') throw new Error('the model is no .keras file');
console.log(`the best network is a .keras file of ${model.byteLength} bytes`);
