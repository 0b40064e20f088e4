namespace MLNetExtensions.Training;

/// <summary>Stops training when the validation loss has not improved for some epochs. Holds no state: a run keeps its own.</summary>
/// <param name="Patience">The number of epochs without improvement after which training stops.</param>
/// <param name="MinimumDelta">The least decrease of the loss that counts as an improvement.</param>
public sealed record EarlyStopping(int Patience = 5, double MinimumDelta = 1e-4);
