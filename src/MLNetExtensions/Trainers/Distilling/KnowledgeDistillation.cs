using MLNetExtensions.Backbones;

namespace MLNetExtensions.Trainers.Distilling;

/// <summary>
/// A larger network that the trained one learns from (arXiv 1503.02531): in addition to the labels, it learns from the teacher's outputs
/// for the same augmented and mixed images of each batch, and optionally from its features (FitNets' hints, arXiv 1412.6550).
/// </summary>
/// <param name="Teacher">
/// The teacher: a classifier of the same classes in the order of the label's keys, for images of the trained network's size. A final
/// Softmax is removed. A model of this library can be passed as <c>Backbone.FromGraph(transformer.Model)</c>.
/// </param>
public sealed record KnowledgeDistillation(Backbone Teacher)
{
    /// <summary>The temperature that softens the outputs of both networks before they are compared.</summary>
    /// <value>The default is 4.</value>
    public float Temperature { get; init; } = 4;

    /// <summary>The weight of the teacher in the loss, 0 to 1; the labels have the rest.</summary>
    /// <value>The default is 0.7.</value>
    public float Alpha { get; init; } = 0.7f;

    /// <summary>
    /// The weight of the mean squared difference between the teacher's features and a linear projection of the student's; features are the
    /// last layer's input. The linear layer is trained too, and is not part of the model.
    /// </summary>
    /// <value>The default is 0: features are not compared.</value>
    public float HintWeight { get; init; }

    /// <summary>The setting that is out of range; null if none is.</summary>
    internal string? Problem =>
        Teacher is null ? "a teacher"
        : !(Temperature > 0 && float.IsFinite(Temperature)) ? "of a Temperature above 0"
        : !(Alpha is >= 0 and <= 1) ? "of an Alpha of 0 to 1"
        : !(HintWeight >= 0 && float.IsFinite(HintWeight)) ? "of a HintWeight of at least 0"
        : null;
}
