using MLNetExtensions.Imaging.Augmentations.BatchAugmentations;

namespace MLNetExtensions.Training;

/// <summary>Mixes the images of training batches, and their targets by the same shares (mixup, CutMix).</summary>
/// <param name="batchAugmentation">The augmentation.</param>
/// <param name="seed">The run's seed.</param>
/// <param name="height">The images' height.</param>
/// <param name="width">Their width.</param>
internal sealed class BatchAugmenter(BatchAugmentation batchAugmentation, int seed, int height, int width)
{
    public void Mix(int epoch, int step, Span<float> pixels, Span<float> targets, int count) =>
        batchAugmentation.Apply((ulong)seed, epoch, step, pixels, targets, count, height, width);
}
