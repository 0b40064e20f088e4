using MLNetExtensions.Training.Losses;

namespace MLNetExtensions.Trainers;

/// <summary>The frequency of each class, or of each label, in the training rows, and the weights that follow from it.</summary>
internal sealed class ClassBalance
{
    private readonly RowLabels _labels;
    private readonly int[] _training;
    private readonly int _classes;
    private readonly ImageTrainerOptions _options;

    /// <exception cref="InvalidOperationException">All training rows have one class.</exception>
    public ClassBalance(RowLabels labels, int[] training, int classes, ImageTrainerOptions options)
    {
        (_labels, _training, _classes, _options) = (labels, training, classes, options);
        if (classes == 0)
            return;
        int[] counts = Counts();
        int present = counts.Count(count => count > 0);
        if (present < 2)
            throw new InvalidOperationException(
                $"All {training.Length} training rows have the same value in column '{options.LabelColumnName}'; a classifier needs "
                    + $"rows of at least two classes."
            );
        if (present < classes)
            Problem =
                $"{classes - present} of {classes} classes in column '{options.LabelColumnName}' have no training row and will not be "
                + $"learned: keys {string.Join(", ", Enumerable.Range(0, classes).Where(c => counts[c] == 0).Select(c => c + 1).Take(20))}.";
    }

    /// <summary>A warning for the user; null for none.</summary>
    public string? Problem { get; }

    /// <summary>The loss with the class weights that the options ask for.</summary>
    /// <exception cref="ArgumentException">The number of class weights is not that of the classes.</exception>
    public Loss Weigh(Loss loss, int outputs)
    {
        if (_options.ClassWeights is { } given && given.Count != _classes)
            throw new ArgumentException(
                $"ClassWeights has {given.Count} values; column '{_options.LabelColumnName}' has {_classes} classes."
            );
        IReadOnlyList<float>? weights = _options.ClassWeights ?? (_options.BalanceClasses && _classes > 0 ? Balanced() : null);
        return loss switch
        {
            CrossEntropy entropy when weights is not null => entropy with { ClassWeights = weights },
            OnnxLoss own when weights is not null => own with { ClassWeights = weights },
            Focal focal when weights is not null => focal with { Alpha = weights },
            BinaryCrossEntropy binary when _options.BalanceClasses => binary with { PositiveWeights = PositiveWeights(outputs) },
            _ => loss,
        };
    }

    /// <summary>Weights of the training rows with which each class is drawn as often as any other.</summary>
    public IReadOnlyList<double> SamplingWeights()
    {
        int[] counts = Counts(),
            classes = _labels.Classes;
        return [.. _training.Select(row => 1.0 / counts[classes[row]])];
    }

    private float[] Balanced()
    {
        int[] counts = Counts();
        int present = counts.Count(count => count > 0);
        return [.. counts.Select(count => count == 0 ? 0 : (float)_training.Length / (present * count))];
    }

    private float[] PositiveWeights(int outputs)
    {
        float[] values = _labels.Values;
        var positive = new double[outputs];
        foreach (int row in _training)
            for (int label = 0; label < outputs; label++)
                positive[label] += values[row * outputs + label];
        return [.. positive.Select(count => count > 0 && count < _training.Length ? (float)((_training.Length - count) / count) : 1)];
    }

    private int[] Counts()
    {
        var counts = new int[_classes];
        int[] classes = _labels.Classes;
        foreach (int row in _training)
            counts[classes[row]]++;
        return counts;
    }
}
