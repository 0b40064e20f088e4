using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;
using MLNetExtensions.Imaging.Decoding;
using MLNetExtensions.Sessions;

namespace MLNetExtensions.Trainers.FineTune;

/// <summary>
/// Features in a file that later runs use again, one file for each network up to its features. A row is found by a hash of the pixels that
/// the network reads, so that whatever changes them (the image, how it is resized and cropped, what an augmentation draws) is another row.
/// </summary>
internal sealed class FeatureFile : RecordCache
{
    // Raise it when the same network and pixels give other features.
    private const int Format = 1;

    private FeatureFile(string path, SafeFileHandle file, string settings, int size)
        : base(path, file, settings, size * sizeof(float), long.MaxValue) { }

    /// <summary>Opens the file of a network, or makes it; one that is damaged or of another version is made anew.</summary>
    /// <param name="folder">The folder of the files.</param>
    /// <param name="network">The network's key.</param>
    /// <param name="size">The number of its features.</param>
    /// <returns>Null if another process has the file open.</returns>
    /// <exception cref="IOException">The folder cannot be made or written to.</exception>
    public static FeatureFile? Open(string folder, RecordCache.Key network, int size)
    {
        string settings =
            $"MLNetExtensions features {Format}: {size} of network {network.First:x32}{network.Second:x32}, ONNX Runtime "
            + $"{SessionOpening.RuntimeVersion}";
        string path = System.IO.Path.Combine(folder, $"features-{size}-{NameOf(settings)}.cache");
        return TryOpen(path) is { } file ? new FeatureFile(path, file, settings, size) : null;
    }

    /// <summary>Reads a row.</summary>
    /// <returns>False if there is none, or where it is damaged.</returns>
    public bool TryRead(in RecordCache.Key key, Span<float> features) => TryRead(key, MemoryMarshal.AsBytes(features));

    /// <summary>Adds a row.</summary>
    public void Add(in RecordCache.Key key, ReadOnlySpan<float> features) => Add(key, MemoryMarshal.AsBytes(features));
}
