using MLNetExtensions.Scoring.Tasks;
using MLNetExtensions.Training.Losses;
using MLNetExtensions.Training.Targets;

namespace MLNetExtensions.Trainers;

/// <summary>A task together with its label column.</summary>
/// <param name="Outputs">The number of outputs that the network must have.</param>
/// <param name="Classes">The number of classes; 0 if labels are none.</param>
/// <param name="CreateTargets">Makes the targets of rows; takes their labels, the training rows and the loss.</param>
/// <param name="CreateScoring">Makes the meaning of the outputs; takes the targets that were trained on.</param>
/// <param name="LabelNames">The names of classes or labels; empty if there are none.</param>
internal sealed record BoundTask(
    int Outputs,
    int Classes,
    Func<RowLabels, int[], Loss, TrainingTargets> CreateTargets,
    Func<TrainingTargets, ScoringTask> CreateScoring,
    IReadOnlyList<string> LabelNames
);
