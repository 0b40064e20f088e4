namespace MLNetExtensions.Peers.DenseSteps;

/// <summary>Ends a Fit once its first step is known.</summary>
internal sealed class StepCaptured() : Exception("The first training step was captured.");
