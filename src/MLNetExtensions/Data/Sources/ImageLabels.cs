using System.Buffers;

namespace MLNetExtensions.Data.Sources;

/// <summary>Labels of images from where they lie: paths relative to their root, separated by '/'.</summary>
internal static class ImageLabels
{
    private static readonly SearchValues<char> PrefixEnds = SearchValues.Create("0123456789._- ");

    private const string NextStep = "or set LabelSource to another source";

    /// <summary>The label of one image; the empty string with <see cref="ImageLabelSource.None"/>.</summary>
    /// <param name="relative">Its path below its root.</param>
    /// <param name="source">The source of labels.</param>
    /// <param name="shown">The path to name in errors.</param>
    /// <exception cref="InvalidDataException">It has none.</exception>
    public static string Of(string relative, ImageLabelSource source, string shown)
    {
        int first = relative.IndexOf('/', StringComparison.Ordinal),
            last = relative.LastIndexOf('/');
        switch (source)
        {
            case ImageLabelSource.None:
                return "";
            case ImageLabelSource.FileNamePrefix:
                string name = Path.GetFileNameWithoutExtension(relative[(last + 1)..]);
                int end = name.AsSpan().IndexOfAny(PrefixEnds);
                if (end == 0)
                    throw new InvalidDataException(
                        $"The image '{shown}' has no label: its file name does not begin with one. "
                            + $"Rename it (label_1.jpg) {NextStep}."
                    );
                return end < 0 ? name : name[..end];
            default:
                if (first < 0)
                    throw new InvalidDataException(
                        $"The image '{shown}' has no label: it lies beside the sub-folders, not in one. "
                            + $"Move it into the sub-folder of its label, {NextStep}."
                    );
                return source switch
                {
                    ImageLabelSource.FolderPath => relative[..last],
                    ImageLabelSource.ParentFolderName => relative[(relative.LastIndexOf('/', last - 1) + 1)..last],
                    _ => relative[..first],
                };
        }
    }
}
