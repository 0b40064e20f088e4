using MLNetExtensions.Imaging.Augmentations;
using MLNetExtensions.Imaging.Augmentations.Engine;
using MLNetExtensions.TestData;

namespace MLNetExtensions.Imaging.Tests.Augmentations;

/// <summary>Pillow's images (tests/Golden/image_ops.npz), as planes.</summary>
internal sealed class GoldenImages : IDisposable
{
    public const int Width = 97,
        Height = 73;

    private readonly Npz _file = new(GoldenFiles.PathOf("image_ops.npz"));

    /// <summary>[3, height, width].</summary>
    public (byte[] Pixels, int Width, int Height) Planes(string name)
    {
        byte[] interleaved = _file.Bytes(name);
        int[] shape = _file.Shape(name);
        int count = shape[0] * shape[1];
        byte[] planes = new byte[3 * count];
        for (int i = 0; i < count; i++)
        for (int channel = 0; channel < 3; channel++)
            planes[(channel * count) + i] = interleaved[(3 * i) + channel];
        return (planes, shape[1], shape[0]);
    }

    public void Dispose() => _file.Dispose();

    /// <summary>Does what an augmentation draws with key 0 to the golden source image.</summary>
    public byte[] Apply(Augmentation augmentation) => Apply(plan => augmentation.Draw(new DrawKey(0), plan));

    /// <summary>Works through a plan on the golden source image.</summary>
    public byte[] Apply(Action<AugmentationPlan> draw)
    {
        var plan = new AugmentationPlan();
        plan.Begin(Width, Height, Width, Height);
        draw(plan);
        return new WorkingImage().Run(plan, Planes("source").Pixels, Width, Height).ToArray();
    }

    /// <summary>The largest difference of two images.</summary>
    public static int MaxDifference(ReadOnlySpan<byte> a, ReadOnlySpan<byte> b)
    {
        int max = 0;
        for (int i = 0; i < a.Length; i++)
            max = Math.Max(max, Math.Abs(a[i] - b[i]));
        return max;
    }

    /// <summary>The mean difference of two images, a frame left out.</summary>
    public static double MeanDifference(ReadOnlySpan<byte> a, ReadOnlySpan<byte> b, int width, int height, int frame)
    {
        long sum = 0;
        for (int channel = 0; channel < 3; channel++)
        for (int y = frame; y < height - frame; y++)
        for (int x = frame; x < width - frame; x++)
        {
            int i = (((channel * height) + y) * width) + x;
            sum += Math.Abs(a[i] - b[i]);
        }
        return sum / (3.0 * (width - (2 * frame)) * (height - (2 * frame)));
    }
}
