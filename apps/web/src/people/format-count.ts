const format = new Intl.NumberFormat("en-GB");

/** "1,950". */
export const formatCount = (count: number): string => format.format(count);
