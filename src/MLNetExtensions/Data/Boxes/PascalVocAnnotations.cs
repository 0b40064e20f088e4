using System.Globalization;
using System.Xml;
using System.Xml.Linq;
using MLNetExtensions.Imaging.Boxes;
using MLNetExtensions.Imaging.Decoding;

namespace MLNetExtensions.Data.Boxes;

/// <summary>Reads annotations in Pascal VOC's format, an XML file an image.</summary>
internal sealed class PascalVocAnnotations
{
    // Parts of objects have five levels. The time that .NET's reader takes grows with the square of the depth.
    private const int DeepestElement = 64;

    // An annotation of 10,000 objects has some 3 million characters.
    private const long MostCharacters = 16 << 20;

    private readonly LoadPascalVocOptions _options;
    private readonly BoxCheck _check;
    private readonly string _images;
    private readonly ClassIndex? _asked;
    private readonly PixelDecoder _decoder = new();

    // Where no classes are asked for, they are known once all files are read.
    private readonly List<string> _found = [];
    private readonly Dictionary<string, int> _indices = new(StringComparer.Ordinal);

    private PascalVocAnnotations(string images, LoadPascalVocOptions options, BoxCheck check) =>
        (_images, _options, _check, _asked) = (images, options, check, options.AskedClasses());

    /// <summary>Reads a folder.</summary>
    /// <param name="folder">The folder of the data set.</param>
    /// <param name="options">Folders, classes, conventions.</param>
    /// <param name="check">Looks at the boxes.</param>
    /// <exception cref="InvalidDataException">A file is not such XML; the message names file and line.</exception>
    public static LabeledImages Read(string folder, LoadPascalVocOptions options, BoxCheck check)
    {
        string annotations = SubFolder(folder, "Annotations");
        var reading = new PascalVocAnnotations(Path.GetFullPath(options.ImageFolder ?? SubFolder(folder, "JPEGImages")), options, check);
        LabeledImage[] images = [.. Files(annotations, options.ImageSet).Select(reading.ReadFile)];
        if (reading._asked is { } asked)
            return new LabeledImages(images, asked.Names);
        if (reading._found.Count == 0)
            throw new InvalidDataException(
                $"The {images.Length} annotations in '{annotations}' have no objects. Set {nameof(LoadPascalVocOptions)}.Classes if that is right."
            );
        string[] sorted = [.. reading._found.Order(StringComparer.Ordinal)];
        int[] places = [.. reading._found.Select(name => Array.IndexOf(sorted, name))];
        return new LabeledImages(
            [.. images.Select(image => image with { Boxes = [.. image.Boxes.Select(b => b with { Class = places[b.Class] })] })],
            sorted
        );
    }

    private static string SubFolder(string folder, string name) =>
        Path.Combine(folder, name) is var inner && Directory.Exists(inner) ? inner : folder;

    private static IReadOnlyList<string> Files(string folder, string? imageSet)
    {
        if (imageSet is not null)
        {
            string[] named =
            [
                .. File.ReadLines(imageSet)
                    .Select(line => line.Trim())
                    .Where(line => line.Length > 0)
                    .Select(name => Path.Combine(folder, name + ".xml")),
            ];
            return named.Length == 0 ? throw new InvalidDataException($"The image set '{imageSet}' is empty. Expected a name a line.")
                : Array.Find(named, file => !File.Exists(file)) is { } missing
                    ? throw new FileNotFoundException(
                        $"There is no file '{missing}', which the image set '{imageSet}' names. Expected a name without extension a line.",
                        missing
                    )
                : named;
        }
        string[] files = [.. Directory.EnumerateFiles(folder, "*.xml").Order(StringComparer.Ordinal)];
        return files.Length > 0
            ? files
            : throw new FileNotFoundException(
                $"The folder '{folder}' holds no annotations. Expected Pascal VOC's XML files (*.xml), in it or in its sub-folder Annotations."
            );
    }

    private LabeledImage ReadFile(string file)
    {
        XElement root = Parse(file);
        if (root.Name != "annotation")
            throw Wrong(file, root, $"the element is '{root.Name}'. Expected 'annotation', Pascal VOC's format");
        string name = Text(file, root, "filename");
        string path = Path.GetFullPath(Path.Combine(_images, name));
        List<ImageBox> boxes = [];
        ImageSize size = SizeOf(file, root, path);
        foreach (XElement item in root.Elements("object"))
        {
            string label = Text(file, item, "name");
            XElement box = item.Element("bndbox") ?? throw Wrong(file, item, $"the object '{label}' has no bndbox");
            float first = _options.CountFromOne ? 1 : 0;
            bool isDifficult = item.Element("difficult") is { } difficult && Number(file, difficult) != 0;
            _check.Add(
                boxes,
                new ImageBox(
                    Number(file, box, "xmin") - first,
                    Number(file, box, "ymin") - first,
                    Number(file, box, "xmax"),
                    Number(file, box, "ymax"),
                    IndexOf(file, item, label),
                    isDifficult && !_options.CountDifficult
                ),
                size,
                () => $"line {LineOf(box)} of '{file}', object '{label}',"
            );
        }
        return new LabeledImage(path, boxes);
    }

    private int IndexOf(string file, XElement item, string label)
    {
        if (_asked is not null)
            return _asked.Of(label)
                ?? throw Wrong(file, item, $"the object is of the class '{label}', which is none of Classes ({_asked})");
        if (!_indices.TryGetValue(label, out int index))
        {
            _indices.Add(label, index = _found.Count);
            _found.Add(label);
        }
        return index;
    }

    /// <summary>The size that the annotation states; some tools leave it out, and the image tells.</summary>
    private ImageSize SizeOf(string file, XElement root, string path)
    {
        if (root.Element("size") is { } size)
        {
            float width = Number(file, size, "width"),
                height = Number(file, size, "height");
            if (width > 0 && height > 0)
                return new ImageSize((int)width, (int)height);
        }
        return File.Exists(path) ? ImageHeader.SizeOf(_decoder, path) : default;
    }

    private static XElement Parse(string file)
    {
        var settings = new XmlReaderSettings
        {
            DtdProcessing = DtdProcessing.Prohibit,
            XmlResolver = null,
            MaxCharactersInDocument = MostCharacters,
        };
        try
        {
            using FileStream stream = File.OpenRead(file);
            CheckDepth(file, stream, settings);
            stream.Position = 0;
            using var reader = XmlReader.Create(stream, settings);
            return XDocument.Load(reader, LoadOptions.SetLineInfo).Root!;
        }
        catch (XmlException e)
        {
            throw new InvalidDataException($"'{file}' is not Pascal VOC's XML: {e.Message}", e);
        }
    }

    private static void CheckDepth(string file, Stream stream, XmlReaderSettings settings)
    {
        using var reader = XmlReader.Create(stream, settings);
        while (reader.Read())
            if (reader.Depth > DeepestElement)
                throw new InvalidDataException(
                    $"'{file}', line {((IXmlLineInfo)reader).LineNumber}: elements are nested more than {DeepestElement} deep. Expected Pascal "
                        + "VOC's XML."
                );
    }

    private static string Text(string file, XElement parent, string name) =>
        parent.Element(name)?.Value.Trim() is { Length: > 0 } text && !text.Contains('\0', StringComparison.Ordinal)
            ? text
            : throw Wrong(file, parent, $"'{parent.Name}' has no '{name}'");

    private static float Number(string file, XElement parent, string name) =>
        Number(file, parent.Element(name) ?? throw Wrong(file, parent, $"'{parent.Name}' has no '{name}'"));

    private static float Number(string file, XElement element) =>
        float.TryParse(element.Value, NumberStyles.Float, CultureInfo.InvariantCulture, out float number)
            ? number
            : throw Wrong(file, element, $"'{element.Name}' is '{Start(element.Value)}'. Expected a number");

    private static string Start(string text) => text.Length <= 40 ? text : text[..40] + "...";

    private static int LineOf(XElement element) => ((IXmlLineInfo)element).LineNumber;

    private static InvalidDataException Wrong(string file, XElement element, string what) =>
        new($"'{file}', line {LineOf(element)}: {what}.");
}
