// Four entries of a group after its projection, for kernels of groups: moved by the shift, or, with tied 1, all equal to it.
override tied: u32 = 0;

fn moved(entry: vec4f, shift: f32) -> vec4f {
  if (tied == 1u) { return vec4f(shift); }
  return entry + shift;
}
