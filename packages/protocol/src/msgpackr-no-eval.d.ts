// The variant without `new Function`, which a strict Content-Security-Policy forbids, comes without types.
declare module "msgpackr/index-no-eval" {
  export { Packr } from "msgpackr";
}
