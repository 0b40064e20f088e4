using System.Numerics.Tensors;
using MLNetExtensions.Training;

namespace MLNetExtensions.Trainers.PseudoLabels;

/// <summary>Labels the unlabeled rows of a batch by what the averaged network thinks of their weakly augmented views.</summary>
/// <param name="weak">The rows' views that are judged.</param>
/// <param name="firstUnlabeled">The first row without a label.</param>
/// <param name="width">The number of classes.</param>
/// <param name="settings">The settings.</param>
internal sealed class PseudoLabeler(ITrainingRows weak, int firstUnlabeled, int width, PseudoLabeling settings) : IStepTargets
{
    private float[] _pixels = [],
        _outputs = [];

    /// <summary>The number of unlabeled rows so far.</summary>
    public long Seen { get; private set; }

    /// <summary>The number of those that got a label.</summary>
    public long Labeled { get; private set; }

    public void Complete(ITrainingSession session, ReadBatch batch, int epoch)
    {
        ReadOnlySpan<int> rows = batch.Rows.Span;
        int known = UnlabeledOrder.CountLabeled(rows, firstUnlabeled);
        int count = rows.Length - known,
            size = weak.ItemSizes[0];
        if (count == 0)
            return;
        if (_pixels.Length < count * size)
            (_pixels, _outputs) = (new float[count * size], new float[count * width]);
        weak.Fill(rows[known..], epoch, [_pixels]);
        Span<float> outputs = _outputs.AsSpan(0, count * width);
        session.Predict(new TrainingBatch { Count = count, Inputs = [_pixels.AsMemory(0, count * size)] }, outputs);
        // The loss is divided by the labeled rows alone.
        float weight = settings.Weight * known / count;
        Span<float> targets = batch.Targets.Span[(known * width)..];
        for (int i = 0; i < count; i++)
        {
            Span<float> probabilities = outputs.Slice(i * width, width);
            TensorPrimitives.SoftMax(probabilities, probabilities);
            int best = TensorPrimitives.IndexOfMax(probabilities);
            Seen++;
            if (!(probabilities[best] >= settings.Threshold))
                continue;
            targets[i * width + best] = weight;
            Labeled++;
        }
    }
}
