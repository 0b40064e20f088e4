using System.Numerics.Tensors;

namespace MLNetExtensions.Serving;

/// <summary>The prediction of a <see cref="VisionPredictor"/> for one image. Immutable.</summary>
public sealed class VisionPrediction
{
    private readonly float[] _scores;
    private readonly int _best;

    internal VisionPrediction(IReadOnlyList<string> labels, float[] scores, int modelVersion)
    {
        _scores = scores;
        _best = labels.Count > 0 ? TensorPrimitives.IndexOfMax<float>(scores) : 0;
        Labels = labels;
        ModelVersion = modelVersion;
    }

    /// <summary>
    /// The name of the class with the largest score (the first of equal ones); its number, from 0, for a label column without key values.
    /// Null if the model has no classes (numbers, features).
    /// </summary>
    public string? Label => Labels.Count > 0 ? Labels[_best] : null;

    /// <summary>
    /// The score of <see cref="Label"/>: for classifiers its probability. Without classes, the first output value: the number that a
    /// regression model predicts.
    /// </summary>
    public float Score => _scores[_best];

    /// <summary>
    /// The model's output values for the image: a probability for each class in the order of <see cref="Labels"/>, a number, or features.
    /// </summary>
    public IReadOnlyList<float> Scores => _scores;

    /// <summary>The names of the classes or labels; empty if the model has none.</summary>
    public IReadOnlyList<string> Labels { get; }

    /// <summary>The version of the model that answered: 1 for the predictor's first model, one more with each swap.</summary>
    public int ModelVersion { get; }

    /// <summary>Returns the classes with the largest scores, the largest first; equal ones are in the model's order.</summary>
    /// <param name="count">The largest number of classes to return.</param>
    /// <returns>The classes; empty if the model has none.</returns>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="count"/> is not positive.</exception>
    public IReadOnlyList<ClassScore> Top(int count)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(count);
        return [.. Labels.Select((label, i) => new ClassScore(label, _scores[i])).OrderByDescending(c => c.Score).Take(count)];
    }

    /// <summary>Returns the labels with a score above a threshold, in the model's order: the prediction of a multi-label model.</summary>
    /// <param name="threshold">The threshold.</param>
    /// <returns>The labels; empty if the model has none.</returns>
    public IReadOnlyList<ClassScore> Above(float threshold = 0.5f) =>
        [.. Labels.Select((label, i) => new ClassScore(label, _scores[i])).Where(c => c.Score > threshold)];
}
