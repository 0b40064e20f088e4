using MLNetExtensions.Data;

namespace Microsoft.ML;

public sealed partial class VisionCatalog
{
    /// <summary>
    /// Lists a folder of pictures: columns <c>ImagePath</c> (text, the full path) and <c>Label</c> (text, the sub-folder's name), in the
    /// ordinal order of the paths. No picture is read yet.
    /// </summary>
    /// <param name="folder">The folder: a sub-folder for each label with pictures in it, unless the options say otherwise.</param>
    /// <param name="options">Where labels come from and which files count; null takes the defaults.</param>
    /// <returns>A view that can be shuffled, split and read many times.</returns>
    /// <exception cref="DirectoryNotFoundException">There is no such folder, or it has no sub-folders.</exception>
    /// <exception cref="FileNotFoundException">The folder holds no pictures.</exception>
    /// <exception cref="InvalidDataException">A picture has no label.</exception>
    /// <example><code>IDataView photos = ml.Vision().LoadFolder("photos"); // photos/cat/1.jpg, photos/dog/1.jpg, ...</code></example>
    public IDataView LoadFolder(string folder, LoadFolderOptions? options = null)
    {
        options ??= new LoadFolderOptions();
        List<(string Path, string Label)> pictures = ImageFolder.List(folder, options);
        IDataView view = options.LabelSource == ImageLabelSource.None
            ? Context.Data.LoadFromEnumerable(pictures.ConvertAll(picture => new ImagePathRow { ImagePath = picture.Path }))
            : Context.Data.LoadFromEnumerable(pictures.ConvertAll(picture => new LabeledImagePathRow { ImagePath = picture.Path, Label = picture.Label }));
        // A view of a list cannot be shuffled, its cache can.
        return Context.Data.Cache(view);
    }

    private sealed class ImagePathRow
    {
        public string ImagePath { get; set; } = "";
    }

    private sealed class LabeledImagePathRow
    {
        public string ImagePath { get; set; } = "";
        public string Label { get; set; } = "";
    }
}
