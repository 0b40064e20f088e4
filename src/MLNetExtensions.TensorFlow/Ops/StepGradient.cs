namespace MLNetExtensions.TensorFlow.Ops;

/// <summary>A step's way back: the gradients of its inputs from those of its outputs; see <see cref="Tape.Record"/>.</summary>
internal delegate Symbol?[] StepGradient(Symbol?[] outputs);
