using System.Globalization;
using MLNetExtensions.Data.Sources;
using MLNetExtensions.Imaging.Boxes;
using MLNetExtensions.Imaging.Decoding;

namespace MLNetExtensions.Data.Boxes;

/// <summary>Reads annotations in YOLO's format: a text file an image, a line an object.</summary>
internal static class YoloAnnotations
{
    // A file of 10,000 objects has some 400,000 characters.
    private const long MostBytes = 16 << 20;

    /// <summary>Reads a folder.</summary>
    /// <param name="folder">The folder above <c>images</c> and <c>labels</c>.</param>
    /// <param name="options">Folders and classes.</param>
    /// <param name="check">Looks at the boxes.</param>
    /// <exception cref="InvalidDataException">A file is malformed; the message names file and line.</exception>
    /// <exception cref="Imaging.InvalidImageException">An image's header cannot be read.</exception>
    public static LabeledImages Read(string folder, LoadYoloOptions options, BoxCheck check)
    {
        string part = options.Part ?? "",
            images = Existing(Path.GetFullPath(Path.Combine(options.ImageFolder ?? Path.Combine(folder, "images"), part))),
            labels = Existing(Path.Combine(folder, "labels", part));
        ClassIndex classes = options.AskedClasses() ?? YoloClassNames.Find(folder);
        var leftOut = new LeftOutFiles(classesAreFolders: false);
        List<(string Path, string Label)> files = ImageFolder.List(
            [images],
            new LoadFolderOptions { LabelSource = ImageLabelSource.None },
            leftOut
        );
        Dictionary<string, string> labelOf = [];
        foreach (string file in Directory.EnumerateFiles(labels, "*.txt", SearchOption.AllDirectories).Where(IsLabels))
            labelOf.Add(Stem(labels, file), file);

        var decoder = new PixelDecoder();
        List<LabeledImage> rows = [];
        int labeled = 0;
        foreach ((string path, _) in files)
        {
            List<ImageBox> boxes = [];
            if (labelOf.Remove(Stem(images, path), out string? file))
            {
                ReadFile(file, ImageHeader.SizeOf(decoder, path), classes, boxes, check);
                labeled++;
            }
            rows.Add(new LabeledImage(path, boxes));
        }
        if (rows.GroupBy(row => Stem(images, row.Path)).FirstOrDefault(group => group.Count() > 1) is { } alike)
            throw new InvalidDataException(
                $"The images '{string.Join("', '", alike.Select(row => row.Path))}' share one file of labels. Expected names that differ in "
                    + "more than the extension."
            );
        if (labeled == 0)
            throw new InvalidDataException(
                $"None of the {rows.Count} images in '{images}' has a file in '{labels}'. Expected a .txt file of the same name for each "
                    + "image with objects."
            );
        if (options.CheckFiles && labelOf.Count > 0)
            throw new FileNotFoundException(
                $"{labelOf.Count} files in '{labels}' have no image in '{images}': '{labelOf.Values.Order(StringComparer.Ordinal).First()}'"
                    + $"{(labelOf.Count > 1 ? " ..." : "")}. Add the images, remove the files, or set CheckFiles = false."
            );
        return new LabeledImages(rows, classes.Names) { LeftOut = leftOut };
    }

    private static bool IsLabels(string file) => !Path.GetFileName(file).Equals("classes.txt", StringComparison.OrdinalIgnoreCase);

    private static string Existing(string folder) =>
        Directory.Exists(folder)
            ? folder
            : throw new DirectoryNotFoundException(
                $"There is no folder '{folder}'. Expected YOLO's layout: folders images and labels with the same names in them."
            );

    private static string Stem(string folder, string path) =>
        Path.ChangeExtension(Path.GetRelativePath(folder, path), null).Replace(Path.DirectorySeparatorChar, '/');

    private static void ReadFile(string file, ImageSize size, ClassIndex classes, List<ImageBox> boxes, BoxCheck check)
    {
        if (new FileInfo(file).Length is > MostBytes and var length)
            throw new InvalidDataException($"'{file}' has {length} bytes. Expected a line an object, {MostBytes} bytes at most.");
        int number = 0;
        foreach (string line in File.ReadLines(file))
        {
            number++;
            string[] fields = line.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries);
            if (fields.Length == 0)
                continue;
            string place = $"'{file}', line {number}";
            bool isPolygon = fields.Length >= 7 && fields.Length % 2 == 1;
            if (fields.Length != 5 && !isPolygon)
                throw new InvalidDataException(
                    $"{place} has {fields.Length} fields. Expected 5 (class, center x, center y, width, height as fractions of the image), or "
                        + "a class and 3 or more points of a polygon."
                );
            int label = ClassOf(fields[0], classes, place);
            double[] values =
            [
                .. fields
                    .Skip(1)
                    .Select(
                        (field, i) =>
                            double.TryParse(field, NumberStyles.Float, CultureInfo.InvariantCulture, out double value)
                                ? value
                                : throw new InvalidDataException(
                                    $"{place}: field {i + 2} is '{(field.Length <= 40 ? field : field[..40] + "...")}'. Expected a number."
                                )
                    ),
            ];
            (double left, double top, double right, double bottom) = isPolygon
                ? Around(values)
                : (values[0] - (values[2] / 2), values[1] - (values[3] / 2), values[0] + (values[2] / 2), values[1] + (values[3] / 2));
            check.Add(
                boxes,
                new ImageBox(
                    (float)(left * size.Width),
                    (float)(top * size.Height),
                    (float)(right * size.Width),
                    (float)(bottom * size.Height),
                    label
                ),
                size,
                () => place
            );
        }
    }

    private static int ClassOf(string field, ClassIndex classes, string place) =>
        int.TryParse(field, NumberStyles.None, CultureInfo.InvariantCulture, out int label) && label < classes.Names.Count
            ? label
            : throw new InvalidDataException(
                $"{place} has the class '{(field.Length <= 40 ? field : field[..40] + "...")}'. Expected 0 to {classes.Names.Count - 1} "
                    + $"({classes})."
            );

    // A point that is not a number makes the box none, which its check finds.
    private static (double Left, double Top, double Right, double Bottom) Around(double[] points)
    {
        (double left, double top, double right, double bottom) = (points[0], points[1], points[0], points[1]);
        for (int i = 2; i < points.Length; i += 2)
        {
            (left, right) = (Math.Min(left, points[i]), Math.Max(right, points[i]));
            (top, bottom) = (Math.Min(top, points[i + 1]), Math.Max(bottom, points[i + 1]));
        }
        return (left, top, right, bottom);
    }
}
