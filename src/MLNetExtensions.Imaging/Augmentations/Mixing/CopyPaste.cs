using MLNetExtensions.Imaging.Augmentations.Engine;

namespace MLNetExtensions.Imaging.Augmentations.Mixing;

/// <summary>
/// Pastes objects of another image at random places (Ghiasi et al., Simple Copy-Paste, arXiv 2012.07177): the object itself where its
/// outline is known, else all of its box. The result has the image's size.
/// </summary>
/// <remarks>Boxes around crowds are not pasted. Boxes that pasted objects hide are dropped, others keep their edges.</remarks>
public sealed record CopyPaste : SampleMixing
{
    /// <summary>The fraction of the other image's objects to paste, 0 to 1.</summary>
    /// <value>The default is 0.5.</value>
    public float ObjectProbability { get; init; } = 0.5f;

    /// <summary>The most objects to paste on an image, 1 to 255.</summary>
    /// <value>The default is 20.</value>
    public int MaxObjects { get; init; } = 20;

    /// <summary>The smallest size of an object, relative to its image; at 1 it fills as much of the new image.</summary>
    /// <value>The default is 0.5.</value>
    public float MinScale { get; init; } = 0.5f;

    /// <summary>The largest size of an object, relative to its image.</summary>
    /// <value>The default is 1.5.</value>
    public float MaxScale { get; init; } = 1.5f;

    internal override int Others => 1;

    internal override void Check(SettingChecks checks)
    {
        base.Check(checks);
        checks.InRange(ObjectProbability, 0, 1);
        checks.InRange(MaxObjects, 1, 255);
        checks.InRange(MinScale, 0.05f, 20);
        checks.InRange(MaxScale, 0.05f, 20);
        checks.Ordered(MinScale, MaxScale);
    }

    internal override ImageSample Mix(
        DrawKey key,
        ImageSample sample,
        IReadOnlyList<ImageSample> others,
        int width,
        int height,
        MixingWorkspace work
    )
    {
        ImageSample donor = others[0];
        int[] order = new int[donor.Boxes.Count];
        key.Open().Permute(order);
        int[] chosen =
        [
            .. order
                .Where(i => !donor.Boxes[i].IsCrowd && donor.Boxes[i].Area > 0 && key.Child(i).Open().IsTrue(ObjectProbability))
                .Take(MaxObjects),
        ];
        if (chosen.Length == 0)
            return sample;
        var paste = new PastedObjects(sample, donor, work);
        foreach (int i in chosen)
        {
            KeyedRandom random = key.Child(i).Child(0).Open();
            paste.Add(i, random.Uniform((double)MinScale, MaxScale), random.Unit(), random.Unit());
        }
        return paste.ToSample(MinimumVisibility);
    }
}
