using System.Collections.Concurrent;
using Microsoft.EntityFrameworkCore;
using MLNetExtensions.Serving;
using WebAppSample.Storage;

namespace WebAppSample.Models;

/// <summary>Makes another model answer, without dropping a request, and knows which model gave an answer.</summary>
internal sealed class ModelSwitch(VisionPredictor predictor, DataFolder folder, IDbContextFactory<AppDatabase> databases) : IDisposable
{
    private readonly SemaphoreSlim _one = new(1);

    // By the predictor's own number of the model.
    private readonly ConcurrentDictionary<int, ActiveModel> _models = [];

    /// <summary>The model that gave an answer.</summary>
    public ActiveModel Of(VisionPrediction prediction) => _models.GetOrAdd(prediction.ModelVersion, _ => ReadActive());

    /// <summary>Makes a model answer from now on. Requests that the old one has begun are still its own.</summary>
    /// <returns>False if there is no such model.</returns>
    public async Task<bool> ActivateAsync(int id, CancellationToken cancellation)
    {
        await _one.WaitAsync(cancellation);
        try
        {
            await using AppDatabase database = await databases.CreateDbContextAsync(cancellation);
            TrainingRun? run = await database.Runs.FindAsync([id], cancellation);
            if (run?.ModelFile is null)
                return false;
            if (run.IsActive)
                return true;
            int current = predictor.Status.ModelVersion;
            _ = _models.GetOrAdd(current, _ => ReadActive());
            // Known before the first answer of the new model.
            _models[current + 1] = new ActiveModel(run.Id, run.Name);
            await predictor.UpdateModelAsync(folder.ModelFile(run.Id, run.ModelFile), CancellationToken.None);
            await database
                .Runs.Where(other => other.IsActive)
                .ExecuteUpdateAsync(set => set.SetProperty(other => other.IsActive, false), CancellationToken.None);
            run.IsActive = true;
            await database.SaveChangesAsync(CancellationToken.None);
            return true;
        }
        finally
        {
            _one.Release();
        }
    }

    public void Dispose() => _one.Dispose();

    private ActiveModel ReadActive()
    {
        using AppDatabase database = databases.CreateDbContext();
        return database.Runs.Where(run => run.IsActive).Select(run => new ActiveModel(run.Id, run.Name)).Single();
    }
}
