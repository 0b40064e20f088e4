using Microsoft.ML;
using Microsoft.ML.Data;
using MLNetExtensions.Data.Schema;
using MLNetExtensions.Data.Sources;

namespace MLNetExtensions.Data.Boxes;

/// <summary>Images with their objects as rows.</summary>
/// <param name="Images">The images.</param>
/// <param name="Classes">The names of the classes.</param>
internal sealed record LabeledImages(IReadOnlyList<LabeledImage> Images, IReadOnlyList<string> Classes)
{
    // So many missing files are named; more would hide the message.
    private const int MissingFilesShown = 5;

    /// <summary>A view with columns ImagePath, Label (a vector of keys), BoundingBoxes and IsCrowd.</summary>
    public IDataView ToView()
    {
        ClassLabels classes = ClassLabels.Of(Classes);
        var keyValues = new DataViewSchema.Annotations.Builder();
        classes.Annotate(keyValues, ClassLabels.KeyValues);
        return new SourceView(
            Images.Count,
            isSequential: false,
            new TextColumn(DefaultColumnNames.ImagePath, row => Images[row].Path),
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
            )
        );
    }

    /// <exception cref="FileNotFoundException">Images are missing; the message names the first.</exception>
    public void CheckFiles(string list, string option)
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
