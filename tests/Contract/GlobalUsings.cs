global using MLNetExtensions.TestData;
global using MLNetExtensions.TrainingContract;
global using Xunit;
