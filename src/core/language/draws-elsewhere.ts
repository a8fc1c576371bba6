/** Random numbers as NumPy, PyTorch and statistics name them: here only starts are drawn. */
export const isDraw = (name: string): boolean =>
  /^(?:randn?|random|randint|random_sample|(?:standard_)?normal|uniform|gauss(?:ian)?)$/u.test(name);

export const ONLY_PARAMETERS =
  'Only what is learned is drawn: param X[3] ~ normal(0, 1). Data are numbers, data X = [1, 2, 3], or of a data set, data X[100,3], y[100] = regression().';
