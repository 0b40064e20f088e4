using MLNetExtensions.Onnx;
using MLNetExtensions.Trainers.Distilling;
using MLNetExtensions.Trainers.PseudoLabels;
using MLNetExtensions.Training;
using MLNetExtensions.Training.Privacy;

namespace MLNetExtensions.Trainers.Runs;

/// <summary>One phase of a Fit: which network is trained on what, and how long.</summary>
internal sealed record PhasePlan
{
    public required TrainingPhase Phase { get; init; }

    /// <summary>The session; it stays the caller's.</summary>
    public required ITrainingSession Session { get; init; }

    /// <summary>The network in the session.</summary>
    public required OnnxGraph Network { get; init; }

    /// <summary>The rows' inputs.</summary>
    public required ITrainingRows Inputs { get; init; }

    /// <summary>The number of epochs.</summary>
    public required int Epochs { get; init; }

    /// <summary>The schedule's base rate.</summary>
    public required float LearningRate { get; init; }

    /// <summary>Makes the whole network, from canvas pixels to outputs, of trained weights.</summary>
    public required Func<IReadOnlyDictionary<string, OnnxTensor>, OnnxGraph> Deployed { get; init; }

    /// <summary>True if batches may be mixed.</summary>
    public bool AugmentsBatches { get; init; }

    /// <summary>The teacher whose answers for the inputs, images, are also compared; null without.</summary>
    public Teacher? Teacher { get; init; }

    /// <summary>
    /// True if the network is trained already: where validation rows tell that no epoch made it better, it stays as it is.
    /// </summary>
    public bool StartsTrained { get; init; }

    /// <summary>True if the rate is lowered where the loss rises: where nobody chose it.</summary>
    public bool LowersRate { get; init; }

    /// <summary>The noise and the sampling of a run with differential privacy; null without.</summary>
    public PrivacyPlan? Privacy { get; init; }

    /// <summary>The unlabeled images that are trained on too; null without.</summary>
    public PseudoLabelPlan? PseudoLabels { get; init; }
}
