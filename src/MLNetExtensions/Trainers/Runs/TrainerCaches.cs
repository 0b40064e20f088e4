using MLNetExtensions.Imaging;
using MLNetExtensions.Imaging.Decoding;
using MLNetExtensions.Trainers.FineTune;

namespace MLNetExtensions.Trainers.Runs;

/// <summary>The files in <see cref="TrainerOptions.CacheFolder"/>, and what the user must know of them.</summary>
internal static class TrainerCaches
{
    /// <summary>Opens the cache of decoded images that the options ask for; it becomes the caller's.</summary>
    /// <param name="setup">The Fit.</param>
    /// <param name="preprocessing">The preprocessing that decoded images depend on.</param>
    /// <returns>Null where none is wanted, or another run has it open.</returns>
    /// <exception cref="IOException">The folder cannot be made or written to.</exception>
    public static DecodedImageCache? OpenImages(TrainerSetup setup, ImagePreprocessing preprocessing) =>
        Open(setup, folder => DecodedImageCache.Open(folder, preprocessing), "cache of decoded images");

    /// <summary>Opens the file of features of a network; it becomes the caller's.</summary>
    /// <param name="setup">The Fit.</param>
    /// <param name="network">The network's key.</param>
    /// <param name="size">The number of its features.</param>
    /// <returns>Null where none is wanted, or another run has it open.</returns>
    /// <exception cref="IOException">The folder cannot be made or written to.</exception>
    public static FeatureFile? OpenFeatures(TrainerSetup setup, RecordCache.Key network, int size) =>
        Open(setup, folder => FeatureFile.Open(folder, network, size), "file of this backbone's features");

    /// <summary>Writes to the log what went wrong with a file while rows were read.</summary>
    public static void Report(TrainerLog log, RecordCache? file)
    {
        if (file?.WriteError is { } error)
            log.Warn($"'{file.Path}' could not be written any further, so later runs make again what is missing there: {error.Message}");
        if (file?.Damaged > 0)
            log.Info($"'{file.Path}' was damaged or of another version; what could not be used of it was made again.");
    }

    private static T? Open<T>(TrainerSetup setup, Func<string, T?> open, string what)
        where T : RecordCache
    {
        if (setup.Options.CacheFolder is not { } folder)
            return null;
        T? cache;
        try
        {
            cache = open(folder);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new IOException(
                $"{nameof(ImageTrainerOptions.CacheFolder)} '{folder}' cannot be used: {e.Message} Choose a folder that can be written "
                    + $"to, or null.",
                e
            );
        }
        if (cache is null)
            setup.Log.Warn($"The {what} in '{folder}' is in use by another run; this one goes without it.");
        return cache;
    }
}
