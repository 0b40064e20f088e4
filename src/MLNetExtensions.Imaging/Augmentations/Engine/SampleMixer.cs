using System.Collections.Concurrent;
using MLNetExtensions.Imaging.Augmentations.Mixing;

namespace MLNetExtensions.Imaging.Augmentations.Engine;

/// <summary>
/// Mixes the samples of a run: ask for a row's <see cref="Plan"/>, read the rows that it names, then <see cref="Mix"/>. The result depends
/// on settings, sizes, seed, epoch, row and the samples alone. Thread-safe.
/// </summary>
/// <param name="mixing">The way of mixing.</param>
/// <param name="width">The width that the network takes.</param>
/// <param name="height">The height that the network takes.</param>
/// <param name="seed">The run's seed.</param>
internal sealed class SampleMixer(SampleMixing mixing, int width, int height, ulong seed)
{
    // No operation of a policy has this place, so that a policy draws the same with mixing and without.
    private const int Place = -1;

    private readonly ConcurrentBag<MixingWorkspace> _pool = [];

    /// <summary>Draws the rows that a row is mixed with.</summary>
    /// <param name="epoch">The epoch, from 0.</param>
    /// <param name="row">The row, from 0.</param>
    /// <param name="count">The number of rows to choose from; the row itself may be drawn too.</param>
    public MixingPlan Plan(long epoch, long row, int count)
    {
        DrawKey key = DrawKey.For(seed, epoch, row).Child(Place);
        KeyedRandom random = key.Open();
        if (!random.IsTrue(mixing.Probability))
            return new MixingPlan(key, []);
        var rows = new long[mixing.Others];
        for (int i = 0; i < rows.Length; i++)
            rows[i] = random.Below(count);
        return new MixingPlan(key.Child(0), rows);
    }

    /// <summary>Mixes a sample with others.</summary>
    /// <param name="plan">The row's plan.</param>
    /// <param name="sample">The row's sample.</param>
    /// <param name="others">The samples of the plan's rows, in their order.</param>
    /// <returns>The sample itself where the plan mixes nothing.</returns>
    /// <exception cref="ArgumentException">The samples differ in their channels, or in having a mask; or a mask does not fit.</exception>
    public ImageSample Mix(in MixingPlan plan, ImageSample sample, IReadOnlyList<ImageSample> others)
    {
        sample.Check(nameof(sample));
        foreach (ImageSample other in others)
        {
            other.Check(nameof(others));
            if (other.Image.Channels != sample.Image.Channels)
                throw new ArgumentException(
                    $"An image of {other.Image.Channels} channels cannot be mixed with one of {sample.Image.Channels}.",
                    nameof(others)
                );
            if (other.Mask is null != sample.Mask is null)
                throw new ArgumentException("Samples with a mask cannot be mixed with samples without one.", nameof(others));
        }
        if (!plan.IsMixed)
            return sample;
        MixingWorkspace work = _pool.TryTake(out MixingWorkspace? pooled) ? pooled : new MixingWorkspace();
        ImageSample mixed = mixing.Mix(plan.Key, sample, others, width, height, work);
        _pool.Add(work);
        return mixed;
    }
}
