using MLNetExtensions.Imaging;

namespace MLNetExtensions.Backbones;

/// <summary>The order in which backbones are taken where the user names none.</summary>
internal static class BackboneRanking
{
    // The least width of images for which a network knows photos.
    private const int PhotoWidth = 128;

    /// <summary>Beginnings of catalog names, by what their features are worth to new classes for the time they take on a CPU.</summary>
    internal static readonly string[] Names =
    [
        "efficientnet-lite4",
        "resnet50",
        "resnet34",
        "resnet18",
        "mobilenetv2",
        "resnet101",
        "resnet152",
        "densenet",
        "shufflenet",
        "inception",
        "googlenet",
    ];

    /// <summary>Orders backbones, the best first: those for photos before those for small images, then as <see cref="Names"/> has them.</summary>
    /// <param name="backbones">What is ordered.</param>
    /// <param name="name">A backbone's name.</param>
    /// <param name="preprocessing">A backbone's preprocessing; null if it is not known.</param>
    public static IOrderedEnumerable<T> BestFirst<T>(
        this IEnumerable<T> backbones,
        Func<T, string> name,
        Func<T, ImagePreprocessing?> preprocessing
    ) =>
        backbones
            .OrderBy(b => preprocessing(b) is { } known && IsForSmallImages(known))
            .ThenBy(b => RankOf(name(b)))
            .ThenByDescending(name, StringComparer.Ordinal);

    /// <summary>True if a backbone was trained on small images, and knows little of photos.</summary>
    public static bool IsForSmallImages(ImagePreprocessing preprocessing) => preprocessing.Width < PhotoWidth;

    private static int RankOf(string name)
    {
        int rank = Array.FindIndex(Names, start => name.StartsWith(start, StringComparison.OrdinalIgnoreCase));
        return rank < 0 ? Names.Length : rank;
    }
}
