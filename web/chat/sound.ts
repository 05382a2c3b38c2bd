let audio: AudioContext | undefined;

/** Browsers allow sounds only once the visitor has done something. */
export const allowSound = (): void => {
  audio ??= new AudioContext();
  void audio.resume();
};

/** A short, quiet tone; nothing where sounds are not allowed yet. */
export const chime = (): void => {
  if (audio?.state !== 'running') return;
  const [tone, volume] = [audio.createOscillator(), audio.createGain()];
  tone.frequency.value = 660;
  volume.gain.setValueAtTime(0.06, audio.currentTime);
  volume.gain.exponentialRampToValueAtTime(0.000_1, audio.currentTime + 0.25);
  tone.connect(volume).connect(audio.destination);
  tone.start();
  tone.stop(audio.currentTime + 0.25);
};
