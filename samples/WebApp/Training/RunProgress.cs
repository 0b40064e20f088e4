using WebAppSample.Storage;

namespace WebAppSample.Training;

/// <summary>How far a training run is.</summary>
/// <param name="RunId">The run.</param>
/// <param name="State">Its state.</param>
/// <param name="Message">What it does, in words.</param>
/// <param name="Fraction">The part that is done, 0 to 1; null while it is not known.</param>
/// <param name="Epoch">The epoch, from 1; 0 before the first one.</param>
/// <param name="Epochs">The number of epochs.</param>
/// <param name="Loss">The mean loss of the epoch so far; null before the first one.</param>
public sealed record RunProgress(
    int RunId,
    RunState State,
    string Message,
    double? Fraction = null,
    int Epoch = 0,
    int Epochs = 0,
    double? Loss = null
);
