using Microsoft.ML;
using MLNetExtensions.Data;
using MLNetExtensions.Data.Boxes;
using MLNetExtensions.Data.Masks;
using MLNetExtensions.Data.Schema;
using MLNetExtensions.Tool.Invocation;
using MLNetExtensions.Tool.Tasks;

namespace MLNetExtensions.Tool.Data.Annotations;

/// <summary>Images with boxes or masks as views.</summary>
internal static class AnnotatedImages
{
    private const string ClassList = "classes.txt";

    /// <summary>Opens them in the parts that they come in; all parts have the classes of the first.</summary>
    /// <exception cref="UsageException">There is nothing there, or it is not known what the classes of masks are.</exception>
    public static ImageSet Open(MLContext ml, AnnotationRequest request)
    {
        AnnotationPlaces places = AnnotationSearch.Find(request);
        IDataView train = Load(ml, places.Train, request, ClassesOf(request));
        IReadOnlyList<string> classes = NamesOf(train);
        return new ImageSet(
            train,
            places.Validation is { } validation ? Load(ml, validation, request, classes) : null,
            places.Test is { } test ? Load(ml, test, request, classes) : null
        );
    }

    /// <summary>Opens images to measure with: those of the part test, or all where there is none.</summary>
    /// <param name="ml">The context.</param>
    /// <param name="request">Where they are.</param>
    /// <param name="classes">The classes that they may have, as <see cref="NamesOf"/> gives them; null for their own.</param>
    public static IDataView OpenOne(MLContext ml, AnnotationRequest request, IReadOnlyList<string>? classes)
    {
        AnnotationPlaces places = AnnotationSearch.Find(request);
        return Load(ml, places.Test ?? places.Train, request, ClassesOf(request) ?? classes);
    }

    /// <summary>The names of the classes of a view: those of its boxes, or else of its masks.</summary>
    public static IReadOnlyList<string> NamesOf(IDataView images) =>
        BoxColumns.Find(images.Schema)?.Classes ?? MaskClasses.Of(images.Schema[DefaultColumnNames.MaskPath])!.Names;

    /// <summary>The column of masks: drawn of COCO's outlines, or files.</summary>
    public static string MaskColumnOf(IDataView images) => MaskColumn.Find(images.Schema)!.Value.Name;

    private static IDataView Load(MLContext ml, AnnotationPlace place, AnnotationRequest request, IReadOnlyList<string>? classes) =>
        place.Format switch
        {
            AnnotationFormat.Coco => ml.Data.LoadFromCoco(
                place.Path,
                new LoadCocoOptions
                {
                    ImageFolder = place.Images,
                    Classes = classes,
                    InvalidBoxes = request.InvalidBoxes,
                    Masks = request.Task == VisionTask.Segment,
                }
            ),
            AnnotationFormat.Vott => ml.Data.LoadFromVott(
                place.Path,
                new LoadVottOptions
                {
                    ImageFolder = place.Images,
                    Classes = classes,
                    InvalidBoxes = request.InvalidBoxes,
                }
            ),
            AnnotationFormat.PascalVoc => ml.Data.LoadFromPascalVoc(
                place.Path,
                new LoadPascalVocOptions
                {
                    ImageFolder = place.Images,
                    ImageSet = place.ImageSet,
                    Classes = classes,
                    InvalidBoxes = request.InvalidBoxes,
                }
            ),
            AnnotationFormat.Yolo => ml.Data.LoadFromYolo(
                place.Path,
                new LoadYoloOptions
                {
                    ImageFolder = place.Images,
                    Part = place.Part,
                    Classes = classes,
                    InvalidBoxes = request.InvalidBoxes,
                }
            ),
            _ => ml.Data.LoadFromMasks(
                place.Images!,
                place.Path,
                new LoadMasksOptions { Classes = classes ?? ClassListOf(place), IgnoredIndex = request.IgnoredIndex }
            ),
        };

    private static IReadOnlyList<string>? ClassesOf(AnnotationRequest request) =>
        request.Classes is not { } text ? null
        : File.Exists(text) ? Lines(text)
        : text.Split(',', StringSplitOptions.TrimEntries) is var names && names.All(name => name.Length > 0) ? names
        : throw new UsageException(
            $"--classes is '{text}', which is no file and has an empty name. It must be names, separated by commas."
        );

    private static IReadOnlyList<string> ClassListOf(AnnotationPlace place)
    {
        string[] folders =
        [
            .. new[]
            {
                place.Folder,
                Path.GetDirectoryName(place.Folder),
                Path.GetDirectoryName(Path.GetDirectoryName(place.Folder)),
            }.OfType<string>(),
        ];
        return folders.Select(folder => Path.Combine(folder, ClassList)).FirstOrDefault(File.Exists) is { } list
            ? Lines(list)
            : throw new UsageException(
                $"It is not known what the indices in the masks of '{place.Path}' mean. Name the classes in their order, from 0: "
                    + $"--classes background,road,car, or a file {ClassList} with one a line beside the folder."
            );
    }

    private static string[] Lines(string file) => [.. File.ReadLines(file).Select(line => line.Trim()).Where(line => line.Length > 0)];
}
