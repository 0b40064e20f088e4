using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.Runtime;
using MLNetExtensions.Data.Masks;
using MLNetExtensions.Data.Schema;
using MLNetExtensions.Data.Sources;
using MLNetExtensions.Imaging.Masks;

namespace MLNetExtensions.Data.Boxes;

/// <summary>Images with their objects as rows.</summary>
/// <param name="Images">The images.</param>
/// <param name="Classes">The names of the classes.</param>
internal sealed record LabeledImages(IReadOnlyList<LabeledImage> Images, IReadOnlyList<string> Classes)
{
    // So many missing files are named; more would hide the message.
    private const int MissingFilesShown = 5;

    /// <summary>The name of what no outline covers, in masks.</summary>
    public const string Background = "background";

    /// <summary>The other files of the folder of images; null where there is no folder.</summary>
    public LeftOutFiles? LeftOut { get; init; }

    /// <summary>Ends the reading of a source: what is wrong is refused or logged, and the rest is a view.</summary>
    /// <param name="catalog">The catalog, <c>ml.Data</c>.</param>
    /// <param name="method">The method that users call, for the log.</param>
    /// <param name="source">The file or folder.</param>
    /// <param name="options">The options.</param>
    /// <param name="check">The check that saw all boxes.</param>
    /// <exception cref="InvalidDataException">Boxes are refused.</exception>
    /// <exception cref="FileNotFoundException">Images are missing.</exception>
    public IDataView Load(DataOperationsCatalog catalog, string method, string source, LoadBoxesOptions options, BoxCheck check)
    {
        using IChannel channel = ((IHostEnvironment)CatalogContext.Of(catalog)).Register(method).Start(method);
        check.Finish(channel);
        if (options.CheckFiles)
            CheckFiles(source, $"{options.GetType().Name}.{nameof(LoadBoxesOptions.ImageFolder)}");
        return ToView(LeftOut?.Report(CatalogContext.Of(catalog), source));
    }

    /// <summary>A view with columns ImagePath, Label (a vector of keys), BoundingBoxes and IsCrowd.</summary>
    /// <param name="notes">The annotations of ImagePath.</param>
    private SourceView ToView(DataViewSchema.Annotations? notes)
    {
        ClassLabels classes = ClassLabels.Of(Classes);
        var keyValues = new DataViewSchema.Annotations.Builder();
        classes.Annotate(keyValues, ClassLabels.KeyValues);
        List<SourceColumn> columns =
        [
            new TextColumn(DefaultColumnNames.ImagePath, row => Images[row].Path) { Annotations = notes },
            new VectorColumn<uint>(DefaultColumnNames.Label, classes.Type, row => [.. Images[row].Boxes.Select(b => (uint)b.Class + 1)])
            {
                Annotations = keyValues.ToAnnotations(),
            },
            new VectorColumn<float>(
                DefaultColumnNames.BoundingBoxes,
                NumberDataViewType.Single,
                row => [.. Images[row].Boxes.SelectMany(b => new[] { b.Left, b.Top, b.Right, b.Bottom })]
            ),
            new VectorColumn<bool>(
                DefaultColumnNames.IsCrowd,
                BooleanDataViewType.Instance,
                row => [.. Images[row].Boxes.Select(b => b.IsCrowd)]
            ),
        ];
        if (Images[0].Mask is not null)
            columns.Add(
                new VectorColumn<byte>(DefaultColumnNames.Mask, NumberDataViewType.Byte, row => Images[row].Mask!.Encode())
                {
                    Annotations = new MaskClasses(
                        [Background, .. Classes],
                        new MaskFormat { ClassCount = Classes.Count + 1 }
                    ).ToAnnotations(),
                }
            );
        return new SourceView(Images.Count, isSequential: false, columns);
    }

    private void CheckFiles(string list, string option)
    {
        string[] missing = [.. Images.Select(image => image.Path).Where(path => !File.Exists(path))];
        if (missing.Length > 0)
            throw new FileNotFoundException(
                $"{missing.Length} of the {Images.Count} images that '{list}' names do not exist: "
                    + string.Join(", ", missing.Take(MissingFilesShown).Select(path => $"'{path}'"))
                    + (missing.Length > MissingFilesShown ? " ..." : "")
                    + $". Set {option} to the folder that the names start from.",
                missing[0]
            );
    }
}
