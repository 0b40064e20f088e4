namespace MLNetExtensions.TensorFlow.Ops;

/// <summary>The kind of a pass through a network; it is built into the graph.</summary>
/// <param name="Training">True if it is a training step.</param>
/// <param name="BatchNormTraining">True if BatchNorm normalizes by the batch's statistics and moves its running ones.</param>
/// <param name="Dropout">True if Dropout drops values.</param>
/// <param name="ComputeType">The type in which convolutions and matrix products compute.</param>
internal sealed record PassKind(bool Training, bool BatchNormTraining, bool Dropout, DataType ComputeType);
