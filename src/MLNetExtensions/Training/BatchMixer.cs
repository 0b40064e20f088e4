using MLNetExtensions.Imaging.Augmentations.Mixing;

namespace MLNetExtensions.Training;

/// <summary>Mixes the pictures of training batches, and their targets by the same shares (mixup, CutMix).</summary>
/// <param name="mixing">What is done.</param>
/// <param name="seed">The run's seed.</param>
/// <param name="height">The pictures' height.</param>
/// <param name="width">Their width.</param>
internal sealed class BatchMixer(BatchMixing mixing, int seed, int height, int width)
{
    public void Mix(int epoch, int step, Span<float> pixels, Span<float> targets, int count) =>
        mixing.Apply((ulong)seed, epoch, step, pixels, targets, count, height, width);
}
