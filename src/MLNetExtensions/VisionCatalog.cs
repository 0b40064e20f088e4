namespace Microsoft.ML;

/// <summary>The extension that adds deep learning on images to an <see cref="MLContext"/>.</summary>
public static class VisionExtensions
{
    /// <summary>The operations of MLNetExtensions on images: load folders of photos, fine-tune ONNX backbones, extract features.</summary>
    /// <param name="mlContext">The context: its seed, log, temporary folder and GPU settings are used.</param>
    /// <exception cref="ArgumentNullException"><paramref name="mlContext"/> is null.</exception>
    public static VisionCatalog Vision(this MLContext mlContext)
    {
        ArgumentNullException.ThrowIfNull(mlContext);
        return new VisionCatalog(mlContext);
    }
}

/// <summary>The operations of MLNetExtensions on images; <see cref="VisionExtensions.Vision"/> makes it.</summary>
public sealed partial class VisionCatalog
{
    internal VisionCatalog(MLContext context) => Context = context;

    internal MLContext Context { get; }
}
