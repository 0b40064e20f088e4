using MLNetExtensions.Tool.Invocation;
using MLNetExtensions.Tool.Tasks;

namespace MLNetExtensions.Tool.Data.Annotations;

/// <summary>Finds boxes and masks by looking at a path.</summary>
internal sealed class AnnotationSearch
{
    private static readonly string[] ImageNames = ["images", "JPEGImages", "img", "imgs"],
        MaskNames = ["masks", "mask", "labels", "annotations", "SegmentationClass"],
        JsonFolders = ["", "annotations", "vott-json-export"];

    private readonly AnnotationRequest _request;

    private AnnotationSearch(AnnotationRequest request) => _request = request;

    /// <summary>Finds what a user names.</summary>
    /// <exception cref="UsageException">There is nothing of the task's formats; the message says what was looked for.</exception>
    public static AnnotationPlaces Find(AnnotationRequest request)
    {
        var search = new AnnotationSearch(request);
        if (request.Format is { } asked && !asked.Serves(request.Task))
            throw new UsageException(
                $"--format is '{Settings.SettingName.Of(asked.ToString())}', which has no {(request.Task == VisionTask.Segment ? "masks" : "boxes")}."
            );
        if (File.Exists(request.Path))
            return new AnnotationPlaces(search.OfFile(request.Path));
        if (!Directory.Exists(request.Path))
            throw new UsageException(
                $"{request.Origin} is '{request.Path}', and there is nothing at '{Path.GetFullPath(request.Path)}'. It must be {search.Expected}."
            );
        return search.OfParts(request.Path) ?? search.OfFolder(request.Path) ?? throw search.Nothing(request.Path);
    }

    private string Expected =>
        _request.Task == VisionTask.Segment
            ? "a folder with sub-folders images and masks, or a COCO JSON file with outlines"
            : "a COCO or VoTT JSON file or a folder with one, Pascal VOC's folder of XML files, or YOLO's folders images and labels";

    private AnnotationPlace OfFile(string path)
    {
        if (!IsJson(path))
            throw new UsageException($"{_request.Origin} is '{path}', a file that is no JSON. It must be {Expected}.");
        return OfJson(path, JsonAnnotations.Look(path))
            ?? throw new UsageException(
                $"{_request.Origin} is '{path}', which has neither COCO's annotations nor VoTT's assets that fit. It must be {Expected}."
            );
    }

    /// <summary>Sub-folders train, and val or test.</summary>
    private AnnotationPlaces? OfParts(string folder)
    {
        if (
            _request.MaskFolder is not null
            || PartNames.FolderOf(folder, PartNames.Train) is not { } train
            || OfFolder(train) is not { } first
        )
            return null;
        return new AnnotationPlaces(first.Train, Of(PartNames.Validation), Of(PartNames.Test));

        AnnotationPlace? Of(IReadOnlyList<string> names) =>
            PartNames.FolderOf(folder, names) is { } part ? (OfFolder(part) ?? throw Nothing(part)).Train : null;
    }

    private AnnotationPlaces? OfFolder(string folder) =>
        (Looks(AnnotationFormat.Masks) ? Masks(folder) : null)
        ?? (Looks(AnnotationFormat.Yolo) ? Yolo(folder) : null)
        ?? (Looks(AnnotationFormat.PascalVoc) ? PascalVoc(folder) : null)
        ?? Json(folder);

    private bool Looks(AnnotationFormat format) => _request.Format is { } asked ? asked == format : format.Serves(_request.Task);

    private AnnotationPlaces? Masks(string folder)
    {
        string? images = _request.ImageFolder ?? Sub(folder, ImageNames),
            masks = _request.MaskFolder ?? Sub(folder, MaskNames);
        return masks is null
            ? null
            : new AnnotationPlaces(new AnnotationPlace(AnnotationFormat.Masks, masks) { Images = images ?? folder });
    }

    private AnnotationPlaces? Yolo(string folder)
    {
        string labels = Path.Combine(folder, "labels");
        if (!Directory.Exists(labels) || (_request.ImageFolder is null && !Directory.Exists(Path.Combine(folder, "images"))))
            return null;
        return PartNames.FolderOf(labels, PartNames.Train) is { } train
            ? new AnnotationPlaces(
                Whole() with
                {
                    Part = Path.GetFileName(train),
                },
                Of(PartNames.FolderOf(labels, PartNames.Validation)),
                Of(PartNames.FolderOf(labels, PartNames.Test))
            )
            : new AnnotationPlaces(Whole());

        AnnotationPlace? Of(string? part) => part is null ? null : Whole() with { Part = Path.GetFileName(part) };

        AnnotationPlace Whole() => new(AnnotationFormat.Yolo, folder) { Images = _request.ImageFolder };
    }

    private AnnotationPlaces? PascalVoc(string folder)
    {
        string? annotations = Sub(folder, ["Annotations"]);
        if (!Directory.EnumerateFiles(annotations ?? folder, "*.xml").Any())
            return null;
        var whole = new AnnotationPlace(AnnotationFormat.PascalVoc, folder) { Images = _request.ImageFolder };
        string lists = Path.Combine(folder, "ImageSets", "Main");
        return List(PartNames.Train) is { } train && (List(PartNames.Validation) ?? List(PartNames.Test)) is not null
            ? new AnnotationPlaces(train, List(PartNames.Validation), List(PartNames.Test))
            : new AnnotationPlaces(whole);

        AnnotationPlace? List(IReadOnlyList<string> names) =>
            names.Select(name => Path.Combine(lists, $"{name}.txt")).FirstOrDefault(File.Exists) is { } list
                ? whole with
                {
                    ImageSet = list,
                }
                : null;
    }

    /// <summary>One JSON file, or one for each part, told by their names.</summary>
    private AnnotationPlaces? Json(string folder)
    {
        List<AnnotationPlace> found =
        [
            .. JsonFolders
                .Select(name => Path.Combine(folder, name))
                .Where(Directory.Exists)
                .SelectMany(place => Directory.EnumerateFiles(place, "*.json").Order(StringComparer.Ordinal))
                .Select(file => OfJson(file, JsonAnnotations.Look(file)))
                .OfType<AnnotationPlace>(),
        ];
        if (found.Count <= 1)
            return found is [var only] ? new AnnotationPlaces(only) : null;
        AnnotationPlace? train = Part(PartNames.Train);
        return train is null
            ? throw new UsageException(
                $"{_request.Origin} is '{folder}', which has {found.Count} files of annotations, none of them named as that of training: "
                    + $"{string.Join(", ", found.Select(place => Path.GetFileName(place.Path)))}. Name the file; --validation-data and --test-data name others."
            )
            : new AnnotationPlaces(train, Part(PartNames.Validation), Part(PartNames.Test));

        AnnotationPlace? Part(IReadOnlyList<string> names) =>
            found.FirstOrDefault(place =>
                names.Any(name => Path.GetFileNameWithoutExtension(place.Path).Contains(name, StringComparison.OrdinalIgnoreCase))
            );
    }

    private AnnotationPlace? OfJson(string path, JsonAnnotations json) =>
        json.Format is { } format && Looks(format)
            ? new AnnotationPlace(format, path) { Images = _request.ImageFolder ?? ImagesOf(path, json.FirstImage) }
            : null;

    /// <summary>The folder with a COCO file's first image: the file's own, one beside it, or one named like the file; null for its own.</summary>
    private static string? ImagesOf(string path, string? first)
    {
        if (first is null)
            return null;
        string own = Path.GetDirectoryName(Path.GetFullPath(path))!,
            above = Path.GetDirectoryName(own) ?? own,
            name = Path.GetFileNameWithoutExtension(path).Replace("instances_", "", StringComparison.Ordinal);
        return new[] { "", "images", name, Path.Combine("images", name) }
            .SelectMany(sub => new[] { Path.Combine(own, sub), Path.Combine(above, sub) })
            .FirstOrDefault(folder => File.Exists(Path.Combine(folder, first)));
    }

    private static bool IsJson(string path) => Path.GetExtension(path).Equals(".json", StringComparison.OrdinalIgnoreCase);

    private static string? Sub(string folder, IReadOnlyList<string> names) =>
        names.Select(name => PartNames.FolderOf(folder, [name])).FirstOrDefault(sub => sub is not null);

    private UsageException Nothing(string folder) =>
        new(
            $"{_request.Origin} is '{_request.Path}', and '{folder}' has no {(_request.Task == VisionTask.Segment ? "masks" : "boxes")}"
                + $"{(_request.Format is { } asked ? $" in the format {Settings.SettingName.Of(asked.ToString())}" : "")}. It must be {Expected}."
        );
}
