using System.Text.Json.Serialization;
using MLNetExtensions.Onnx;

namespace MLNetExtensions.Training;

/// <summary>The state of a <see cref="TrainingLoop"/> besides its session. With both, training resumes exactly.</summary>
internal sealed record LoopState
{
    /// <summary>The epoch under way, from 0.</summary>
    public int Epoch { get; set; }

    /// <summary>The rows done in it.</summary>
    public int Done { get; set; }

    /// <summary>The sum of those rows' losses.</summary>
    public double LossSum { get; set; }

    /// <summary>The time that the epoch has taken so far, in an earlier run, and how much of it was waiting.</summary>
    public TimeSpan Elapsed { get; set; }

    public TimeSpan Waited { get; set; }

    /// <summary>The best epoch, from 0; -1 before the first ends.</summary>
    public int Best { get; set; } = -1;

    /// <summary>Its validation loss.</summary>
    public double BestLoss { get; set; } = double.PositiveInfinity;

    /// <summary>Its figure of all validation rows; negative if it has none.</summary>
    public double BestFigure { get; set; } = -1;

    /// <summary>
    /// The weights that the session goes back to: the best epoch's; without a validation set the last complete epoch's; before that, the
    /// initial ones.
    /// </summary>
    [JsonIgnore]
    public IReadOnlyDictionary<string, OnnxTensor>? KeptWeights { get; set; }

    /// <summary>The epoch of <see cref="KeptWeights"/>, from 0; -1 for the first ones.</summary>
    public int Kept { get; set; } = -1;

    /// <summary>The mean loss of the phase's first steps; NaN before they are done.</summary>
    public double StartLoss { get; set; } = double.NaN;

    /// <summary>
    /// The part of validation rows that a network which comes trained has right at the start; null if it is not measured.
    /// </summary>
    public double? StartAccuracy { get; set; }

    /// <summary>The factor of the schedule's rates after the loss rose under higher rates.</summary>
    public double RateFactor { get; set; } = 1;

    /// <summary>
    /// Weights of the epoch just ended that no validation has measured: worth keeping only when a later step's loss has shown them to be
    /// finite.
    /// </summary>
    [JsonIgnore]
    public IReadOnlyDictionary<string, OnnxTensor>? UnprovenWeights { get; set; }

    /// <summary>The completed epochs of this phase.</summary>
    public List<EpochResult> Epochs { get; init; } = [];
}
