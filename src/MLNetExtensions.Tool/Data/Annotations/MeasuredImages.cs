using Microsoft.ML;
using Microsoft.ML.Data;
using MLNetExtensions.Data.Splits;
using MLNetExtensions.Tool.Invocation;
using MLNetExtensions.Tool.Runs;
using MLNetExtensions.Tool.Settings;

namespace MLNetExtensions.Tool.Data.Annotations;

/// <summary>The images with boxes or masks that a model is measured on.</summary>
internal static class MeasuredImages
{
    /// <summary>The images that a run held out, unless a user names others.</summary>
    /// <param name="ml">The context.</param>
    /// <param name="data">What a user names; null for nothing.</param>
    /// <param name="flags">Where the boxes and masks of that are, and what they mean.</param>
    /// <param name="model">The model.</param>
    /// <exception cref="UsageException">There are none.</exception>
    public static IDataView Find(MLContext ml, string? data, SettingValues flags, NamedModel model)
    {
        var values = new SettingValues(TrainSettings.All);
        if (data is not null)
        {
            // Those of the run are what its model knows.
            SettingValues? trained = model.Run?.ReadSettings();
            foreach (string kept in new[] { TrainSettings.Classes, TrainSettings.IgnoredIndex })
                if (trained?.Text(kept) is { } text)
                    values.Set(kept, text, trained.Origin(kept));
            values.Take(flags);
            return AnnotatedImages.OpenOne(ml, AnnotationRequest.Of(model.Task, data, "the folder", values), classes: null);
        }
        if (model.Run is not { } run || !File.Exists(run.TestList))
            throw new UsageException(
                "Name the images to measure with: a folder or a file with their boxes or masks. The model's run held out none."
            );
        values.Take(run.ReadSettings());
        values.Take(flags);
        AnnotationRequest request = AnnotationRequest.Of(
            model.Task,
            values.Text(TrainSettings.Data)!,
            values.Origin(TrainSettings.Data),
            values
        );
        if (values.Text(TrainSettings.TestData) is { } test)
            return AnnotatedImages.OpenOne(
                ml,
                request.Elsewhere() with
                {
                    Path = test,
                    Origin = values.Origin(TrainSettings.TestData),
                },
                classes: null
            );
        ImageSet images = AnnotatedImages.Open(ml, request);
        return images.Test ?? HeldOut(ml, images.Train, run);
    }

    /// <summary>The rows whose paths are in the run's list.</summary>
    private static RowSubset HeldOut(MLContext ml, IDataView images, RunFolder run)
    {
        HashSet<string> paths =
        [
            .. ImageFiles.Texts(
                ml.Data.LoadFromTextFile<HeldOutImage>(run.TestList, separatorChar: ',', hasHeader: true, allowQuoting: true),
                nameof(HeldOutImage.ImagePath)
            ),
        ];
        DataViewSchema.Column column = images.Schema["ImagePath"];
        HashSet<DataViewRowId> rows = [];
        using DataViewRowCursor cursor = images.GetRowCursor([column]);
        ValueGetter<ReadOnlyMemory<char>> readPath = cursor.GetGetter<ReadOnlyMemory<char>>(column);
        ValueGetter<DataViewRowId> readId = cursor.GetIdGetter();
        ReadOnlyMemory<char> path = default;
        DataViewRowId id = default;
        while (cursor.MoveNext())
        {
            readPath(ref path);
            readId(ref id);
            if (paths.Contains(path.ToString()))
                rows.Add(id);
        }
        return rows.Count > 0
            ? new RowSubset(images, rows)
            : throw new UsageException($"None of the images that the run '{run.Path}' held out is there any more. Name others.");
    }
}
