using Microsoft.ML;
using Microsoft.ML.Data;
using MLNetExtensions.Data;
using MLNetExtensions.Data.Splits;
using MLNetExtensions.Imaging;

namespace MLNetExtensions.ModelBuilder.Training;

/// <summary>
/// Rows of a folder of images, with the columns of the generated input class, Label (text) and ImageSource, and the files' paths.
/// </summary>
internal static class FolderImages
{
    private const string PathColumn = "ImagePath";

    /// <summary>Lists a folder: a sub-folder for each class, not deeper. Files are read when their rows are.</summary>
    /// <param name="ml">The context.</param>
    /// <param name="folder">The folder.</param>
    /// <param name="asBytes">True for the bytes of the files, false for their paths (versions 0 and 1).</param>
    public static IDataView Load(MLContext ml, string folder, bool asBytes)
    {
        IDataView files = ml.Data.LoadFromImageFolder(
            folder,
            new LoadFolderOptions { Extensions = ["png", "jpg", "jpeg", "gif"], Recursive = false }
        );
        IEstimator<ITransformer> source = asBytes
            ? ml.Transforms.LoadRawImageBytes("ImageSource", "", PathColumn)
            : ml.Transforms.CopyColumns("ImageSource", PathColumn);
        return source.Fit(files).Transform(files);
    }

    /// <summary>The columns of the generated input class alone.</summary>
    public static DataViewSchema InputSchema(MLContext ml, IDataView images) =>
        ml.Transforms.DropColumns(PathColumn).Fit(images).GetOutputSchema(images.Schema);

    /// <summary>The same error with the image's path, which bytes do not have.</summary>
    public static InvalidImageException WithPath(IDataView images, InvalidImageException e) =>
        new(e.Row, images.GetColumn<string>(PathColumn).ElementAt((int)e.Row), e.Reason, e);

    /// <summary>At most this many rows, with the same proportions of classes.</summary>
    public static IDataView Sample(MLContext ml, IDataView images, int rows, int seed)
    {
        int all = Labels(images).Count();
        return all <= rows
            ? images
            : ml.Vision().Split(images, new SplitOptions { TestFraction = 1 - ((double)rows / all), Seed = seed }).TrainSet;
    }

    /// <exception cref="InvalidDataException">Validation images are of a class without training images.</exception>
    public static void CheckClasses(IDataView training, IDataView validation, string folder)
    {
        string[] unknown = [.. Labels(validation).Distinct().Except(Labels(training)).Order(StringComparer.Ordinal)];
        if (unknown.Length > 0)
            throw new InvalidDataException(
                $"The validation folder '{folder}' has classes without training images: {string.Join(", ", unknown)}. "
                    + "Rename or remove these sub-folders, or add training images."
            );
    }

    private static IEnumerable<string> Labels(IDataView images) => images.GetColumn<string>("Label");
}
